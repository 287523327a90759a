/** The reactions to a message. */

import { post, remove } from "../base/api.js";
import { fill, h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { failed } from "../parts/toast.js";
import * as emoji from "../state/emoji.js";
import * as me from "../state/me.js";
import { setting } from "../state/told.js";
import * as users from "../state/users.js";

/** @typedef {import("./rows.js").Message} Message */
/** @typedef {import("../state/emoji.js").Emoji} Emoji */
/** @typedef {{emoji: Emoji, userIds: number[]}} Group of one emoji */

const NAMED = 3; // so many reactions in all are shown by their people's names
const LISTED = 20; // names in a title

/** @param {HTMLElement} part @param {{message: Message}} row */
export function drawReactions(part, { message }) {
  const groups = grouped(message.reactions);
  const named = setting("display_emoji_reaction_users") && message.reactions.length <= NAMED;
  part.hidden = groups.length === 0;
  fill(part, groups.map((each) => button(message, each, named)), groups.length > 0 && addButton());
}

/** @param {any[]} reactions @returns {Group[]} in the order of each one's first */
function grouped(reactions) {
  const found = /** @type {Map<string, Group>} */ (new Map());
  for (const each of reactions) {
    const key = `${each.reaction_type}:${each.emoji_code}`;
    if (!found.has(key)) found.set(key, { emoji: { emoji_name: each.emoji_name, emoji_code: each.emoji_code, reaction_type: each.reaction_type }, userIds: [] });
    found.get(key).userIds.push(each.user_id);
  }
  return [...found.values()];
}

/** @param {Message} message @param {Group} group @param {boolean} named */
function button(message, group, named) {
  const mine = group.userIds.includes(me.id());
  const who = `${people(group.userIds)} reacted with :${group.emoji.emoji_name}:`;
  const text = named ? people(group.userIds) : String(group.userIds.length);
  const label = named ? who : `${text}: ${who}`;
  const toggle = () => react(message, group.emoji).catch(failed);
  return h(
    "button",
    { type: "button", class: "reaction", "aria-pressed": String(mine), "aria-label": label, title: who, onclick: toggle },
    emoji.show(group.emoji),
    h("span", { class: "reaction-count", dir: "auto" }, text),
  );
}

const addButton = () => h("button", { type: "button", class: "reaction reaction-add", "aria-label": "Add a reaction", title: "Add a reaction", data: { deed: "react" } }, icon("smile"), icon("plus"));

/** @param {number[]} userIds "You, Ann and 3 others" */
function people(userIds) {
  const ordered = [...userIds].sort((one, other) => Number(other === me.id()) - Number(one === me.id()));
  const names = ordered.slice(0, LISTED).map((each) => (each === me.id() ? "You" : users.name(each)));
  const others = ordered.length - names.length;
  if (others > 0) names.push(`${others} others`);
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0];
}

/** Adds it, or takes one's own back. @param {Message} message @param {Emoji} chosen */
export async function react(message, chosen) {
  const { emoji_name, emoji_code, reaction_type } = chosen;
  const mine = message.reactions.some((/** @type {any} */ each) => each.user_id === me.id() && each.reaction_type === reaction_type && each.emoji_code === emoji_code);
  await (mine ? remove : post)(`/messages/${message.id}/reactions`, { emoji_name, emoji_code, reaction_type });
}

/** Joins the first reaction that there is, or takes that back; else a thumb up. @param {Message} message */
export function upvote(message) {
  const first = grouped(message.reactions)[0]?.emoji;
  return react(message, first ?? { emoji_name: "+1", emoji_code: "1f44d", reaction_type: "unicode_emoji" });
}
