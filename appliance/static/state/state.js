/** All that the server has told: the answer of POST /register, kept right by the events since. */

import * as alert_words from "./alert_words.js";
import * as bots from "./bots.js";
import * as channels from "./channels.js";
import * as conversations from "./conversations.js";
import * as drafts from "./drafts.js";
import * as elsewhere from "./elsewhere.js";
import * as emoji from "./emoji.js";
import * as groups from "./groups.js";
import * as linkifiers from "./linkifiers.js";
import * as me from "./me.js";
import * as members from "./members.js";
import * as messages from "./messages.js";
import * as muted from "./muted.js";
import * as playgrounds from "./playgrounds.js";
import * as presence from "./presence.js";
import * as profile_fields from "./profile_fields.js";
import * as scheduled from "./scheduled.js";
import * as snippets from "./snippets.js";
import * as starred from "./starred.js";
import * as statuses from "./statuses.js";
import * as told from "./told.js";
import * as topics from "./topics.js";
import * as typing from "./typing.js";
import * as unread from "./unread.js";
import * as users from "./users.js";

/**
 * One noun each. `load` takes the answer of POST /register, the first and any later one; `events` has what to do
 * for each type of event. They say `changed("…")` with their own name.
 * @type {{load: (told: Record<string, any>) => void, events: Record<string, (event: any) => void>}[]}
 */
const NOUNS = [told, users, groups, me, channels, members, messages, topics, unread, conversations, starred, presence, statuses, typing, muted, alert_words, linkifiers, playgrounds, profile_fields, bots, elsewhere, drafts, emoji, scheduled, snippets];

/** @param {Record<string, any>} told */
export function load(told) {
  for (const noun of NOUNS) noun.load(told);
}

/** @param {Record<string, any>} event */
export function apply(event) {
  for (const noun of NOUNS) noun.events[event.type]?.(event);
}
