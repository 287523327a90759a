/** Where a message goes, or is: a topic of a channel, or people. */

import { narrowed } from "../base/place.js";
import * as channels from "./channels.js";
import * as me from "./me.js";
import * as topics from "./topics.js";
import * as users from "./users.js";

/** @typedef {import("../base/place.js").Term} Term */
/** @typedef {{type: "channel", stream_id: number, topic: string}} ToChannel */
/** @typedef {{type: "direct", user_ids: number[]}} ToPeople the others, ascending; none: oneself */
/** @typedef {ToChannel | ToPeople} Destination */

/** @param {Record<string, any>} message as of the API @returns {Destination} */
export function of(message) {
  if (message.type === "stream") return channel(message.stream_id, message.subject);
  return direct(message.display_recipient.map((/** @type {any} */ each) => each.id));
}

/** @param {number[]} userIds oneself may be among them @returns {ToPeople} */
export function direct(userIds) {
  return { type: "direct", user_ids: [...new Set(userIds)].filter((each) => each !== me.id()).sort((one, other) => one - other) };
}

/** @param {number} streamId @param {string} topic @returns {ToChannel} */
export const channel = (streamId, topic) => ({ type: "channel", stream_id: streamId, topic });

/** The same text for the same conversation. @param {Destination} destination */
export const key = (destination) =>
  destination.type === "channel" ? `channel:${destination.stream_id}:${destination.topic.toLowerCase()}` : `direct:${destination.user_ids}`;

/** @param {Destination | null} one @param {Destination | null} other */
export const same = (one, other) => one === other || (!!one && !!other && key(one) === key(other));

/** @param {Destination} destination @returns {Term[]} */
export function terms(destination) {
  if (destination.type === "direct") return [{ operator: "dm", operand: destination.user_ids.length ? destination.user_ids : [me.id()] }];
  return [
    { operator: "channel", operand: destination.stream_id },
    { operator: "topic", operand: destination.topic },
  ];
}

/** The conversation that terms name, if it is one. @param {Term[]} terms "near" and "with" are passed over @returns {Destination | null} */
export function fromTerms(terms) {
  const telling = terms.filter((each) => each.operator !== "near" && each.operator !== "with");
  if (telling.some((each) => each.negated)) return null;
  const [first, second, ...more] = telling;
  if (first?.operator === "dm" && Array.isArray(first.operand) && !second) return direct(first.operand);
  if (!second || more.length > 0) return null;
  const [where, topic] = first.operator === "channel" ? [first, second] : [second, first];
  if (where.operator !== "channel" || topic.operator !== "topic" || typeof where.operand !== "number") return null;
  return channel(where.operand, topic.operand);
}

/** Its address in the page. @param {Destination} destination */
export const hash = (destination) => narrowed(terms(destination), slug);

/** That of all of a channel. @param {number} streamId */
export const channelHash = (streamId) => narrowed([{ operator: "channel", operand: streamId }], slug);

/** As POST /messages and the like have it. @param {Destination} destination */
export function addressed(destination) {
  if (destination.type === "channel") return { type: "channel", to: destination.stream_id, topic: destination.topic };
  return { type: "direct", to: destination.user_ids.length ? destination.user_ids : [me.id()] };
}

/** What makes a term of an address readable. @param {Term} term */
export function slug({ operator, operand }) {
  if (operator === "channel" && typeof operand === "number") return channels.name(operand).replace(/\s+/g, "-");
  if (operator === "dm") return Array.isArray(operand) && operand.length === 1 && operand[0] !== me.id() ? users.name(operand[0]).replace(/[\s"%/<>`]+/g, "-") : "dm";
  return "";
}

/** For people. @param {Destination} destination */
export function title(destination) {
  if (destination.type === "channel") return `#${channels.name(destination.stream_id)} > ${topics.shown(destination.topic)}`;
  if (destination.user_ids.length === 0) return `${users.name(me.id())} (you)`;
  return destination.user_ids.map(users.name).join(", ");
}
