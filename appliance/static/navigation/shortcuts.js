/** Keys to go elsewhere: Zulip's. */

import { shortcuts } from "../base/keys.js";
import { failed, toast } from "../parts/toast.js";
import * as channels from "../state/channels.js";
import * as destinations from "../state/destination.js";
import { setting } from "../state/told.js";
import * as topics from "../state/topics.js";
import * as drawer from "./drawer.js";
import * as here from "./here.js";
import * as menus from "./menus.js";
import { nextDirect, nextTopic } from "./next_unread.js";
import * as people from "./people_column.js";
import * as search from "./search.js";
import * as sidebar from "./sidebar.js";

/** @typedef {import("../base/keys.js").Shortcut} Shortcut */

const GO = "Going elsewhere";
const FIND = "Finding";

/** Once. */
export function add() {
  shortcuts(
    { keys: ["Escape", "Ctrl+["], does: "Go to the home view", group: GO, when: mayGoHome, run: () => go("#") },
    { keys: ["n"], does: "Next unread topic", group: GO, run: () => goTo(nextTopic(), "There are no unread topics.") },
    { keys: ["N"], does: "Next unread topic that you follow", group: GO, run: () => goTo(nextTopic(isFollowed), "There are no unread topics that you follow.") },
    { keys: ["p"], does: "Next unread direct message", group: GO, run: () => goTo(nextDirect(), "There are no unread direct messages.") },
    { keys: ["A"], does: "Previous channel", group: GO, run: () => beside(-1) },
    { keys: ["D"], does: "Next channel", group: GO, run: () => beside(1) },
    to("I", "Inbox", "#inbox"),
    to("t", "Recent conversations", "#recent"),
    to("a", "All messages", "#feed"),
    to("*", "Starred messages", "#narrow/is/starred"),
    to("@", "Mentions", "#narrow/is/mentioned"),
    to("P", "Direct messages", "#narrow/is/dm"),
    to("d", "Drafts", "#drafts"),
    { keys: ["M"], does: "Mute or unmute the topic", group: GO, when: () => here.destination()?.type === "channel", run: muteTopic },
    { keys: ["/"], does: "Search messages", group: FIND, run: search.find },
    { keys: ["Ctrl+k"], does: "Search messages, also while writing", group: FIND, typing: true, when: () => !document.querySelector("dialog[open]"), run: search.find },
    { keys: ["q"], does: "Find a channel", group: FIND, run: sidebar.find },
    { keys: ["w"], does: "Find somebody", group: FIND, run: () => people.find().catch(failed) },
    { keys: ["g"], does: "Settings and more", group: FIND, run: pressOwn },
    { keys: ["?"], does: "Keyboard shortcuts", group: FIND, run: () => go("#keyboard-shortcuts") },
  );
}

/** @param {string} key @param {string} does @param {string} hash @returns {Shortcut} */
const to = (key, does, hash) => ({ keys: [key], does, group: GO, run: () => go(hash) });

/** @param {string} hash */
function go(hash) {
  location.hash = hash;
}

/** @param {destinations.Destination | null} found @param {string} none what is said when there is none */
function goTo(found, none) {
  if (found) go(destinations.hash(found));
  else toast(none);
}

const mayGoHome = () => setting("web_escape_navigates_to_home_view") && !drawer.isOpen();

/** @param {number} streamId @param {string} topic */
const isFollowed = (streamId, topic) => topics.policy(streamId, topic) === topics.FOLLOWED;

/** @param {number} step */
function beside(step) {
  const all = channels.subscribed().map((each) => each.stream_id);
  if (!all.length) return;
  const at = all.indexOf(here.channel());
  go(destinations.channelHash(all[at < 0 ? 0 : (at + step + all.length) % all.length]));
}

/** One's picture in the bar. */
const pressOwn = () => /** @type {HTMLElement | null} */ (document.querySelector(".me"))?.click();

function muteTopic() {
  const open = here.destination();
  if (open?.type === "channel") menus.muteTopic(open.stream_id, open.topic);
}
