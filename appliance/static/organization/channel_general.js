/** What a channel is: name, description, privacy, how long messages are kept; archiving it. */

import { patch, remove } from "../base/api.js";
import { watch } from "../base/changes.js";
import { fill, h } from "../base/dom.js";
import { rendered } from "../base/html.js";
import { day } from "../base/time.js";
import { confirm } from "../parts/dialog.js";
import * as channels from "../state/channels.js";
import * as me from "../state/me.js";
import { told } from "../state/told.js";
import * as users from "../state/users.js";
import { PRIVACIES, privacyNamed, privacyOf } from "./channel_privacy.js";
import { administers } from "./channel_rights.js";
import { button } from "./panel.js";
import { lasting, settingField } from "./setting_field.js";
import { textsForm } from "./texts.js";

const DAY = 86_400; // seconds
const RETENTIONS = [null, -1, 7, 30, 90, 180, 365, 730];

/** @param {HTMLElement} panel @param {number} id */
export function show(panel, id) {
  const channel = () => channels.get(id);
  const about = h("p", { class: "faint" });
  const description = h("div", { class: "description", dir: "auto" });
  const mine = administers(channel()) && !channel().is_archived;
  const controls = mine ? [privacy(id), ...(me.isOwner() ? [retention(id)] : [])] : [];
  panel.append(
    ...(mine ? [texts(id)] : [description]),
    ...controls.map((each) => each.element),
    about,
    ...(administers(channel()) ? [ending(id)] : []),
  );
  draw();
  return watch(["channels", "users"], draw);

  function draw() {
    if (!channel()) return;
    const { creator_id: creator, date_created: created, rendered_description: html } = channel();
    fill(description, html ? rendered(html) : h("p", { class: "faint" }, "There is no description."));
    about.textContent = [privacyOf(channel()).help, creator && `Made by ${users.name(creator)}.`, `Since: ${day(created)}.`]
      .filter(Boolean)
      .join(" ");
    for (const each of controls) each.follow();
  }
}

/** @param {number} id */
const texts = (id) =>
  textsForm({
    current: () => channels.get(id),
    name: { longest: told("max_stream_name_length") },
    description: { longest: told("max_stream_description_length"), help: "What it is for; Markdown." },
    save: ({ name, description }) => patch(`/streams/${id}`, { new_name: name, description }),
  });

/** @param {number} id */
function privacy(id) {
  const current = () => privacyOf(channels.get(id)).value;
  const options = PRIVACIES.map(({ value, text }) => ({ value, text }));
  const { element, show } = settingField({ name: "privacy", label: "Who can see it", kind: "choice", options }, store, current);
  return { element, follow: () => show(current()) };

  /** @param {string} value */
  function store(value) {
    const { isPrivate, history } = privacyNamed(value);
    return patch(`/streams/${id}`, { is_private: isPrivate, history_public_to_subscribers: history });
  }
}

/** @param {number} id */
function retention(id) {
  const current = () => channels.get(id).message_retention_days;
  const options = RETENTIONS.map((value) => ({ value, text: kept(value) }));
  const help = "Messages that are deleted do not come back.";
  const store = (/** @type {number | null} */ value) =>
    patch(`/streams/${id}`, { message_retention_days: value === null ? "realm_default" : value === -1 ? "unlimited" : value });
  const { element, show } = settingField(
    { name: "message_retention_days", label: "Messages are kept", help, kind: "choice", options },
    store,
    current,
  );
  return { element, follow: () => show(current()) };
}

/** @param {number | null} days */
function kept(days) {
  if (days === null) return "as long as the organization says";
  return days === -1 ? "for ever" : lasting(days * DAY);
}

/** @param {number} id */
function ending(id) {
  const { name, is_archived: archived } = channels.get(id);
  const revive = button("Bring it back", () => patch(`/streams/${id}`, { is_archived: false }));
  return h("p", { class: "ending" }, archived ? revive : button("Archive the channel…", archive, "danger"));

  async function archive() {
    const text = "Nobody can write in it any more; what was written stays. Administrators can bring it back.";
    if (await confirm({ title: `Archive ${name}?`, text, action: "Archive", danger: true })) await remove(`/streams/${id}`);
  }
}
