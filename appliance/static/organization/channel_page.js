/** One channel: what it is, what it is to oneself, who is in it, who may do what there. */

import { h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import * as channels from "../state/channels.js";
import { channelHash } from "../state/destination.js";
import * as general from "./channel_general.js";
import { join, leave } from "./channel_joining.js";
import * as members from "./channel_members.js";
import * as permissions from "./channel_permissions.js";
import * as personal from "./channel_personal.js";
import { administers, mayJoin } from "./channel_rights.js";
import { button } from "./panel.js";
import { showTabbed } from "./tabbed.js";

/** @type {import("./tabbed.js").Tab[]} */
const TABS = [
  { name: "general", text: "About", show: general.show },
  { name: "subscribers", text: "People", show: members.show },
  { name: "permissions", text: "Permissions", show: permissions.show },
  { name: "personal", text: "For you", show: personal.show },
];

/** @param {HTMLElement} panel @param {number} id @param {string} [name] of a tab */
export function show(panel, id, name) {
  const channel = () => channels.get(id);
  return showTabbed(panel, {
    id,
    label: "About the channel",
    address: `#channels/${id}`,
    tabs: TABS,
    open: TABS.find((each) => each.name === name) ?? TABS[0],
    subjects: ["channels", "groups", "me"],
    title: () => (channel() ? title(channel()) : null),
    form: () => [channel().subscribed, channel().is_archived, administers(channel())],
  });
}

/** @param {channels.Channel} channel */
function title(channel) {
  const { stream_id: id, name, subscribed, is_archived: archived } = channel;
  const deed = subscribed ? button("Leave", () => leave(id)) : mayJoin(channel) && button("Join", () => join(id), "primary");
  return [
    h("h2", null, h("span", { class: "channel-mark", style: { color: channels.color(id) } }, icon(channels.icon(id))), h("bdi", null, name)),
    archived && h("span", { class: "tag" }, "Archived"),
    h("span", { class: "deeds" }, h("a", { class: "button", href: channelHash(id) }, "Open"), deed),
  ];
}
