/** What the bar says of what is open: the conversation, or the name of the view. */

import { watch } from "../base/changes.js";
import { fill, h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { belongTo, entitle } from "../base/title.js";
import { openPerson } from "../parts/person.js";
import { dot, presenceOf } from "../parts/presence.js";
import * as channels from "../state/channels.js";
import * as destinations from "../state/destination.js";
import * as me from "../state/me.js";
import * as members from "../state/members.js";
import { realm } from "../state/told.js";
import * as topics from "../state/topics.js";
import * as users from "../state/users.js";
import { calm } from "./calm.js";
import * as here from "./here.js";
import { channelMenu, topicMenu } from "./menus.js";

/** @returns {HTMLElement} */
export function heading() {
  const element = h("div", { class: "heading" });
  const draw = () => {
    const { text, shown } = parts();
    fill(element, shown);
    entitle(text);
    belongTo(realm("name"));
  };
  watch(["place", "told", "channels", "topics", "users", "presence", "members"], calm(draw));
  return element;
}

/** @typedef {{text: string, shown: Node[]}} Parts `text`: for the tab */

/** @returns {Parts} */
function parts() {
  const destination = here.destination();
  if (destination?.type === "direct") return ofPeople(destination.user_ids);
  const channel = here.channel();
  if (destination?.type === "channel") return ofChannel(destination.stream_id, destination.topic);
  if (channel !== null && here.isWholeChannel()) return ofChannel(channel, null);
  return named(here.title());
}

/** @param {string} text @returns {Parts} */
const named = (text) => ({ text, shown: [h("h1", { dir: "auto" }, text)] });

/** @param {number} streamId @param {string | null} topic @returns {Parts} */
function ofChannel(streamId, topic) {
  const row = channels.get(streamId);
  if (!row) return named("Unknown channel");
  const title = topic === null ? `#${row.name}` : `${topics.shown(topic)} · #${row.name}`;
  const mark = h("span", { class: "row-lead", style: { "--mark-of": channels.color(streamId) } }, icon(channels.icon(streamId)));
  const link = h("a", { href: destinations.channelHash(streamId), dir: "auto" }, row.name);
  const name = h("h1", { class: topic !== null && "with-topic" }, mark, link, topic !== null && [icon("right"), h("span", { class: "heading-topic", dir: "auto" }, topics.shown(topic))]);
  return { text: title, shown: [name, menu(streamId, topic), count(streamId), h("span", { class: "heading-about", dir: "auto" }, topic === null ? row.description : "")] };
}

/** @param {number} streamId @param {string | null} topic */
function menu(streamId, topic) {
  const label = topic === null ? "More about this channel" : "More about this topic";
  const run = () => (topic === null ? channelMenu(button, streamId) : topicMenu(button, streamId, topic));
  const button = h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick: run }, icon("down"));
  return button;
}

/** How many are in the channel; leads to who they are. @param {number} streamId */
function count(streamId) {
  const known = members.of(streamId);
  if (!known) return h("span");
  const label = `${known.size} ${known.size === 1 ? "person" : "people"} in this channel`;
  return h("a", { class: "heading-count", href: `#channels/${streamId}/subscribers`, "aria-label": label, title: label }, icon("people"), known.size);
}

/** @param {number[]} userIds @returns {Parts} */
function ofPeople(userIds) {
  const text = destinations.title({ type: "direct", user_ids: userIds });
  const people = (userIds.length ? userIds : [me.id()]).map(person);
  return { text, shown: [h("h1", { class: "heading-people", "aria-label": text }, people)] };
}

/** @param {number} userId */
function person(userId) {
  const name = userId === me.id() ? `${users.name(userId)} (you)` : users.name(userId);
  const button = h("button", { type: "button", class: "heading-person", dir: "auto", onclick: () => openPerson(button, userId) }, dot(presenceOf(userId)), name);
  return button;
}
