/**
 * What can be done with a message: in its toolbar, in its menu, and by a key; all in one table.
 */

import { post, remove } from "../base/api.js";
import { markUnreadFrom } from "../live/reading.js";
import * as compose from "../compose/compose.js";
import { copy } from "../parts/clipboard.js";
import { confirm } from "../parts/dialog.js";
import { openMenu } from "../parts/menu.js";
import { failed } from "../parts/toast.js";
import * as destinations from "../state/destination.js";
import * as me from "../state/me.js";
import { realm } from "../state/told.js";
import { edit } from "./editing.js";
import { addressOf, has, isStarred } from "./message.js";
import { react, upvote } from "./reactions.js";
import { mayDelete, mayEdit, mayMove } from "./rights.js";

/** @typedef {import("./rows.js").Message} Message */
/** @typedef {import("./list.js").MessageList} MessageList */
/** @typedef {{message: Message, article: HTMLElement, anchor: Element, list: MessageList}} Target `anchor`: what a menu opens beside */
/**
 * @typedef {object} Action
 * @property {string} name
 * @property {string} text
 * @property {string} [off] `text` when it takes something back
 * @property {string} icon
 * @property {string[]} [keys] Zulip's
 * @property {(message: Message) => boolean} [when] else it is not offered
 * @property {(message: Message) => boolean} [on] it takes something back
 * @property {boolean} [danger]
 * @property {boolean} [hidden] not in the menu
 * @property {(target: Target) => any} run may return a promise
 */

/** @type {Action[]} as in the menu */
export const ACTIONS = [
  { name: "reply", text: "Reply", icon: "reply", keys: ["r", "Enter"], hidden: true, run: ({ message }) => compose.open({ destination: destinations.of(message), focus: true }) },
  { name: "reply-alone", text: "Reply to the sender alone", icon: "person", keys: ["R"], hidden: true, run: ({ message }) => compose.open({ destination: destinations.direct([message.sender_id]), focus: true }) },
  { name: "quote", text: "Quote and reply", icon: "quote", keys: [">"], run: ({ message }) => compose.open({ destination: destinations.of(message), quote: { message }, focus: true }) },
  { name: "react", text: "Add a reaction", icon: "smile", keys: ["+", ":"], run: pickReaction },
  { name: "upvote", text: "Join the first reaction, or thumb up", icon: "up", keys: ["="], hidden: true, run: ({ message }) => upvote(message) },
  { name: "star", text: "Star", off: "Remove the star", icon: "star", keys: ["Ctrl+s"], on: isStarred, run: ({ message }) => flag(message, "starred") },
  { name: "edit", text: "Edit", icon: "edit", keys: ["e"], when: mayEdit, run: ({ message }) => edit(message.id) },
  { name: "move", text: "Move", icon: "send", keys: ["m"], when: mayMove, run: async ({ message }) => (await import("./move.js")).openMove(message) },
  { name: "unread", text: "Mark as unread from here", icon: "inbox", keys: ["U"], run: markUnread },
  { name: "collapse", text: "Collapse", off: "Show again", icon: "up", keys: ["-"], on: (message) => has(message, "collapsed"), run: collapse },
  { name: "source", text: "View the source", icon: "eye", run: async ({ message }) => (await import("./source.js")).openSource(message) },
  { name: "history", text: "View earlier versions", icon: "clock", keys: ["H"], when: hasHistory, run: async ({ message }) => (await import("./history.js")).openHistory(message) },
  { name: "readers", text: "See who has read it", icon: "people", keys: ["V"], when: () => realm("enable_read_receipts"), run: async ({ message }) => (await import("./readers.js")).openReaders(message) },
  { name: "link", text: "Copy the link", icon: "link", keys: ["l"], run: ({ message }) => copy(new URL(addressOf(message), location.origin).href) },
  { name: "pictures", text: "View the pictures", icon: "eye", keys: ["v"], hidden: true, run: showPictures },
  { name: "person", text: "Show who wrote it", icon: "person", keys: ["u"], hidden: true, run: showPerson },
  { name: "topic", text: "Go to the topic or conversation", icon: "hash", keys: ["s"], hidden: true, run: ({ message }) => location.assign(destinations.hash(destinations.of(message))) },
  { name: "channel", text: "Go to the channel", icon: "hash", keys: ["S"], hidden: true, when: (message) => message.type === "stream", run: ({ message }) => location.assign(destinations.channelHash(message.stream_id)) },
  { name: "menu", text: "More", icon: "more", keys: ["i"], hidden: true, run: (target) => openActions(target) },
  { name: "delete", text: "Delete", icon: "bin", danger: true, when: mayDelete, run: deleteIt },
];

/** @param {string} name @returns {Action} */
export const actionNamed = (name) => ACTIONS.find((each) => each.name === name);

/** @param {Action} action @param {Message} message */
export const labelOf = (action, message) => (action.on?.(message) && action.off) || action.text;

/** All that a message's menu has. @param {Target} target */
function openActions(target) {
  const { message } = target;
  const offered = ACTIONS.filter((each) => !each.hidden && (each.when?.(message) ?? true));
  const items = offered.map((each) => ({ text: labelOf(each, message), icon: each.icon, danger: each.danger, run: () => perform(each, target) }));
  openMenu(target.anchor, items, "What to do with the message");
}

/** Errors are told. @param {Action} action @param {Target} target */
export function perform(action, target) {
  Promise.resolve(target).then(action.run).catch(failed);
}

/** @param {Target} target */
async function markUnread({ message, list }) {
  list.leaveUnread(message.id);
  await markUnreadFrom(message.id);
}

/** @param {Target} target */
async function pickReaction({ message, anchor }) {
  const { pickEmoji } = await import("../parts/emoji_picker.js");
  const chosen = await pickEmoji(anchor);
  if (chosen) await react(message, chosen);
}

/** @param {Message} message @param {string} name */
const flag = (message, name) => post("/messages/flags", { messages: [message.id], op: has(message, name) ? "remove" : "add", flag: name });

/** @param {Target} target */
async function collapse({ message, list }) {
  list.revealed.delete(message.id);
  list.redraw();
  await flag(message, "collapsed");
}

/** @param {Message} message */
function hasHistory(message) {
  return !!(message.last_edit_timestamp || message.last_moved_timestamp) && realm("allow_edit_history");
}

/** @param {Target} target */
async function showPictures({ article, list }) {
  const { openPictures } = await import("./lightbox.js");
  openPictures(list.element, article.querySelector(".opens-picture"));
}

/** @param {Target} target */
async function showPerson({ message, anchor }) {
  const { openPerson } = await import("../parts/person.js");
  openPerson(anchor, message.sender_id);
}

/** @param {Target} target */
async function deleteIt({ message }) {
  const text = message.sender_id === me.id() ? "Everybody loses it, and it can't be brought back from here." : "It was written by somebody else. Everybody loses it, and it can't be brought back from here.";
  if (await confirm({ title: "Delete this message?", text, action: "Delete", danger: true })) await remove(`/messages/${message.id}`);
}
