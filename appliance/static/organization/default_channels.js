/** The channels that newcomers are put into. */

import { post, remove } from "../base/api.js";
import { h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import * as channels from "../state/channels.js";
import * as me from "../state/me.js";
import { told } from "../state/told.js";
import { attempt, entry, explanation, heading, iconButton, liveList } from "./panel.js";
import { picker } from "./picker.js";

const FOUND = 20; // channels

/** @param {HTMLElement} panel */
export function show(panel) {
  panel.append(heading("Default channels"), explanation("Newcomers are put into these channels. Nothing changes for who is here already."));
  if (me.isAdmin()) panel.append(picker({ label: "Add a channel", find, pick: (id) => attempt(() => post("/default_streams", { stream_id: id })) }));
  return liveList(panel, { label: "Default channels", subjects: ["told", "channels"], rows, make: row, empty: "Newcomers are put into no channel." })
    .stop;
}

const isDefault = (/** @type {number} */ id) => told("realm_default_streams").includes(id);

const rows = () =>
  channels
    .all()
    .filter((each) => isDefault(each.stream_id))
    .map(({ stream_id, name, description }) => ({ stream_id, name, description }));

/** Public ones: newcomers are put into no others. @param {string} text */
function find(text) {
  const open = channels.search(text, FOUND).filter((each) => !each.invite_only && !isDefault(each.stream_id));
  return open.map((each) => ({
    text: each.name,
    detail: each.description,
    picture: icon(channels.icon(each.stream_id)),
    value: each.stream_id,
  }));
}

/** @param {{stream_id: number, name: string, description: string}} channel */
function row({ stream_id: id, name, description }) {
  return entry({
    picture: icon(channels.icon(id)),
    title: h("a", { class: "plain-link", href: `#channels/${id}` }, name),
    detail: description,
    actions: [me.isAdmin() && iconButton("close", `Take ${name} out`, () => remove("/default_streams", { stream_id: id }))],
  });
}
