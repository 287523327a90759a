/** What one does not want to hear of, or all the more: people, and topics. */

import { post, remove } from "../base/api.js";
import { watch } from "../base/changes.js";
import { fill, h } from "../base/dom.js";
import { avatar } from "../parts/avatar.js";
import { choice, field } from "../parts/field.js";
import * as channels from "../state/channels.js";
import { hash } from "../state/destination.js";
import * as me from "../state/me.js";
import * as muted from "../state/muted.js";
import * as topics from "../state/topics.js";
import * as users from "../state/users.js";
import { save } from "./saving.js";

const POLICIES = [
  { value: topics.FOLLOWED, text: "Followed" },
  { value: topics.UNMUTED, text: "Unmuted" },
  { value: topics.MUTED, text: "Muted" },
  { value: topics.INHERIT, text: "As the channel" },
];

/** @param {HTMLElement} panel */
export function show(panel) {
  const people = h("div");
  const rows = h("div");
  const sought = h("input", { type: "search", "aria-label": "Find a topic", placeholder: "Find a topic", dir: "auto", oninput: drawTopics });
  panel.append(h("h3", null, "Muted people"), people, h("h3", null, "Topics"), sought, rows);
  drawPeople();
  drawTopics();
  const stops = [watch(["muted", "users"], drawPeople), watch(["topics", "channels"], drawTopics)];
  return () => stops.forEach((stop) => stop());

  function drawPeople() {
    fill(people, h("p", { class: "faint" }, "Their messages are hidden, and marked as read."), peopleList(), mutePicker());
  }

  function drawTopics() {
    const text = sought.value.toLowerCase();
    const found = topics.all().filter((each) => each.topic_name.toLowerCase().includes(text)).sort(byPlace);
    const none = text ? "No topic has this in its name." : "You have muted and followed no topic.";
    fill(rows, found.length > 0 ? h("ul", { class: "settings-list", "aria-label": "Topics" }, found.map(topicRow)) : h("p", { class: "empty" }, none));
    sought.hidden = !text && found.length < 10;
  }
}

const peopleList = () => {
  const ids = muted.all().sort((one, other) => users.name(one).localeCompare(users.name(other)));
  return ids.length > 0 && h("ul", { class: "settings-list", "aria-label": "Muted people" }, ids.map(personRow));
};

/** @param {number} userId */
function personRow(userId) {
  const unmute = () => save(() => remove(`/users/me/muted_users/${userId}`));
  const name = users.name(userId);
  return h("li", null, avatar(userId, 24), h("bdi", null, name), h("button", { type: "button", "aria-label": `Unmute ${name}`, onclick: unmute }, "Unmute"));
}

function mutePicker() {
  const others = users.all().filter((each) => each.is_active && each.user_id !== me.id() && !muted.isMuted(each.user_id));
  const options = others.map((each) => ({ value: each.user_id, text: each.full_name }));
  const mute = (/** @type {number} */ id) => id && save(() => post(`/users/me/muted_users/${id}`));
  return field("Mute somebody", choice([{ value: 0, text: "Choose…" }, ...options], 0, mute));
}

/** @param {{stream_id: number, topic_name: string, visibility_policy: number}} row */
function topicRow({ stream_id: streamId, topic_name: topic, visibility_policy: policy }) {
  const select = choice(POLICIES, policy, (visibility_policy) => save(() => post("/user_topics", { stream_id: streamId, topic, visibility_policy })));
  select.setAttribute("aria-label", `${channels.name(streamId)} > ${topics.shown(topic)}`);
  const link = h("a", { href: hash({ type: "channel", stream_id: streamId, topic }), dir: "auto" }, topics.shown(topic));
  return h("li", null, h("div", null, link, h("small", { class: "settings-under", dir: "auto" }, `#${channels.name(streamId)}`)), select);
}

/** @param {any} one @param {any} other */
const byPlace = (one, other) => channels.name(one.stream_id).localeCompare(channels.name(other.stream_id)) || one.topic_name.localeCompare(other.topic_name);
