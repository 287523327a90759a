/** The dialog that moves messages to another topic or channel. */

import { ApiError, patch } from "../base/api.js";
import { h } from "../base/dom.js";
import { choice, field, toggle } from "../parts/field.js";
import { openForm } from "../parts/form.js";
import { confirm } from "../parts/dialog.js";
import { toast } from "../parts/toast.js";
import * as channels from "../state/channels.js";
import * as destinations from "../state/destination.js";
import { told } from "../state/told.js";
import * as topics from "../state/topics.js";
import { mayLeave, mayRename } from "./rights.js";

/** @typedef {import("./rows.js").Message} Message */
/** @typedef {"change_one" | "change_later" | "change_all"} Mode */
/** @typedef {{stream_id: number, topic: string, mode: Mode, tellOld: boolean, tellNew: boolean}} Wish */

/** @type {{value: Mode, text: string}[]} */
const MODES = [
  { value: "change_one", text: "This message only" },
  { value: "change_later", text: "This message and those after it in the topic" },
  { value: "change_all", text: "All messages in the topic" },
];

/** @param {Message} message as of the API @param {Mode} [mode] which is offered first */
export function openMove(message, mode = "change_later") {
  const wish = { stream_id: message.stream_id, topic: message.subject, mode, tellOld: false, tellNew: true };
  openForm({ title: mode === "change_all" ? "Rename or move the topic" : "Move messages", body: fields(message, wish), action: "Move", run: () => move(message, wish) });
}

/** @param {Message} message @param {Wish} wish is kept as the fields are */
function fields(message, wish) {
  const topic = h("input", { value: wish.topic, dir: "auto", maxlength: told("max_topic_length"), placeholder: topics.shown(""), disabled: !mayRename(message), autofocus: true, oninput: () => (wish.topic = topic.value.trim()) });
  topic.setAttribute("list", "move-topics");
  const known = h("datalist", { id: "move-topics" });
  suggestTopics(known, wish.stream_id);
  const channel = choice(channelsFor(message), wish.stream_id, (value) => {
    wish.stream_id = value;
    suggestTopics(known, value);
  });
  channel.disabled = !mayLeave(message);
  return [
    field("Channel", channel),
    field("Topic", topic),
    known,
    field("What to move", choice(MODES, wish.mode, (value) => (wish.mode = value))),
    toggle("Say so in the new place", wish.tellNew, (on) => (wish.tellNew = on)),
    toggle("Say so in the old place", wish.tellOld, (on) => (wish.tellOld = on)),
  ];
}

/** Where one may write, and where it is. @param {Message} message */
function channelsFor(message) {
  const possible = channels.all().filter((each) => each.stream_id === message.stream_id || (channels.mayPost(each.stream_id) && (channels.isSubscribed(each.stream_id) || !each.invite_only)));
  return possible.map((each) => ({ value: each.stream_id, text: `#${each.name}` }));
}

/** It is no more than help: without it the topic is typed. @param {HTMLElement} list @param {number} streamId */
async function suggestTopics(list, streamId) {
  const found = await topics.recent(streamId).catch(() => /** @type {topics.Topic[]} */ ([]));
  list.replaceChildren(...found.filter((each) => each.name).map((each) => h("option", { value: each.name })));
}

/** @param {Message} message @param {Wish} wish */
async function move(message, wish) {
  const changes = {
    topic: wish.topic === message.subject ? null : wish.topic,
    stream_id: wish.stream_id === message.stream_id ? null : wish.stream_id,
  };
  if (changes.topic === null && changes.stream_id === null) throw new Error("Choose another channel or topic.");
  try {
    await send(message.id, changes, wish);
  } catch (error) {
    if (!(await mayMoveSome(error))) throw error;
    await send(/** @type {ApiError} */ (error).data.first_message_id_allowed_to_move, changes, { ...wish, mode: "change_later" });
  }
  const to = destinations.hash({ type: "channel", stream_id: wish.stream_id, topic: wish.topic });
  toast("Moved.", { action: "Go there", run: () => location.assign(to) });
}

/** @param {number} id @param {Record<string, any>} changes @param {Wish} wish */
const send = (id, changes, wish) =>
  patch(`/messages/${id}`, { ...changes, propagate_mode: wish.mode, send_notification_to_old_thread: wish.tellOld, send_notification_to_new_thread: wish.tellNew });

/** Older messages of a topic may be fixed, when the newer ones can still be moved. @param {unknown} error */
async function mayMoveSome(error) {
  if (!(error instanceof ApiError) || error.code !== "MOVE_MESSAGES_TIME_LIMIT_EXCEEDED" || !error.data.total_messages_allowed_to_move) return false;
  const { total_messages_allowed_to_move: some, total_messages_in_topic: all } = error.data;
  return confirm({ title: "Move a part of the topic?", text: `Only the newest ${some} of ${all} messages may still be moved.`, action: `Move ${some}` });
}
