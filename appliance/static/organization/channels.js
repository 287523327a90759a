/** All channels: the dialog of "#channels/…". One is looked for, joined, made or changed here. */

import { h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { style } from "../base/style.js";
import { openSheet } from "../parts/sheet.js";
import * as channels from "../state/channels.js";
import * as me from "../state/me.js";
import { join, leave } from "./channel_joining.js";
import { mayCreate, mayJoin } from "./channel_rights.js";
import { directory } from "./directory.js";
import { explanation, iconButton } from "./panel.js";

/** @typedef {import("../base/place.js").Place} Place */
/** @typedef {import("../state/channels.js").Channel} Channel */

/** By the names of kinds in addresses. @type {Record<string, (channel: Channel) => boolean>} */
const OF_KIND = {
  all: (each) => !each.is_archived,
  subscribed: (each) => each.subscribed && !each.is_archived,
  available: (each) => !each.subscribed && mayJoin(each),
  archived: (each) => each.is_archived,
};

const KINDS = [
  { name: "all", text: "All" },
  { name: "subscribed", text: "Yours" },
  { name: "available", text: "Others" },
  { name: "archived", text: "Archived" },
];

/** @param {Place} place */
export async function open(place) {
  await style("organization");
  const list = directory({
    label: "Channels",
    place: "channels",
    kinds: KINDS.filter((each) => each.name !== "archived" || me.isAdmin()),
    add: (mayCreate(false) || mayCreate(true)) && h("a", { class: "button primary", href: "#channels/new" }, icon("plus"), "New channel"),
    rows: (kind) => channels.all().filter(OF_KIND[kind]).map(shown),
    idOf: (row) => row.id,
    picture,
    action,
    subjects: ["channels", "groups", "me"],
  });
  const sheet = openSheet({ title: "Channels", list: list.elements, home: "#channels/all", onclose: list.stop });
  show(place);
  return { close: sheet.close, show };

  /** @param {Place} place */
  function show({ section: [what = "all", ...rest] }) {
    const id = parseInt(what, 10); // "5", or as in Zulip "5-general"
    list.show(id ? String(id) : what);
    if (id) sheet.show(async (panel) => (await import("./channel_page.js")).show(panel, id, rest.at(-1)), true);
    else if (what === "new") sheet.show(async (panel) => (await import("./channel_new.js")).show(panel), true);
    else sheet.show((panel) => panel.append(explanation("Choose a channel to see what it is about and who is in it.")), false);
  }
}

/** What a row is drawn of. @param {Channel} channel */
const shown = (channel) => ({
  id: channel.stream_id,
  name: channel.name,
  joined: channel.subscribed,
  open: mayJoin(channel),
  icon: channels.icon(channel.stream_id),
  color: channels.color(channel.stream_id),
});

/** @typedef {ReturnType<typeof shown>} Row */

/** @param {Row} row */
const picture = ({ icon: mark, color }) => h("span", { class: "channel-mark", style: { color } }, icon(mark));

/** @param {Row} row */
function action({ id, name, joined, open }) {
  if (joined) return iconButton("check", `Leave ${name}`, () => leave(id));
  return open && iconButton("plus", `Join ${name}`, () => join(id));
}
