/** What is typed into the field for searching, and the terms that it means: `channel:general has:link "two words"`. */

import * as channels from "../state/channels.js";
import * as me from "../state/me.js";
import * as users from "../state/users.js";

/** @typedef {import("../base/place.js").Term} Term */

/** Each takes the text after its colon to the operand, and back. @typedef {{read: (text: string) => any, write: (operand: any) => string}} Kind */

const WORD = { read: (/** @type {string} */ text) => text, write: String };
const NUMBER = { read: (/** @type {string} */ text) => Number(text) || text, write: String };
const CHANNEL = { read: channelOf, write: (/** @type {any} */ operand) => (typeof operand === "number" ? channels.name(operand) : String(operand)) };
const PEOPLE = { read: peopleOf, write: (/** @type {any} */ operand) => [operand].flat().map(personText).join(", ") };
const PERSON = { read: (/** @type {string} */ text) => personOf(text) ?? text, write: personText };

/** @type {Record<string, Kind>} */
const OPERATORS = {
  channel: CHANNEL,
  topic: WORD,
  dm: PEOPLE,
  "dm-including": PERSON,
  sender: PERSON,
  is: WORD,
  has: WORD,
  in: WORD,
  channels: WORD,
  near: NUMBER,
  id: NUMBER,
  with: NUMBER,
};

/** Zulip's older names. @type {Record<string, string>} */
const ALIASES = { stream: "channel", streams: "channels", "pm-with": "dm", from: "sender" };

/** One word or `operator:operand`, where what has spaces is in quotes. */
const TOKEN = /(-?)(?:([a-z-]+):)?(?:"([^"]*)"?|(\S*))/giy;

/** @typedef {{text: string, operator: string, operand: string, negated: boolean}} Token `operator` "": words to look for */

/** @param {string} text @returns {Token[]} */
export function tokens(text) {
  const found = [];
  for (let at = 0; at < text.length; ) {
    if (/\s/.test(text[at])) {
      at++;
      continue;
    }
    TOKEN.lastIndex = at;
    const [all, minus, name = "", quoted, bare] = TOKEN.exec(text);
    const operator = ALIASES[name.toLowerCase()] ?? name.toLowerCase();
    const known = Object.hasOwn(OPERATORS, operator);
    found.push(known ? { text: all, operator, operand: quoted ?? bare, negated: minus === "-" } : { text: all, operator: "", operand: all, negated: false });
    at += Math.max(1, all.length);
  }
  return found;
}

/** @param {string} text @returns {Term[]} all words together are the last one */
export function toTerms(text) {
  const all = tokens(text);
  const named = all.filter((each) => each.operator && each.operand !== "");
  const words = all.filter((each) => !each.operator).map((each) => each.text).join(" ");
  const terms = named.map(({ operator, operand, negated }) => ({ operator, operand: OPERATORS[operator].read(operand), ...(negated && { negated }) }));
  return words ? [...terms, { operator: "search", operand: words }] : terms;
}

/** @param {Term[]} terms */
export const fromTerms = (terms) => terms.map(write).join(" ");

/** @param {Term} term */
function write({ operator, operand, negated }) {
  if (operator === "search") return String(operand);
  return term(operator, (OPERATORS[operator] ?? WORD).write(operand), negated);
}

/** As it is typed. @param {string} operator @param {string} operand @param {boolean} [negated] */
export const term = (operator, operand, negated = false) => `${negated ? "-" : ""}${operator}:${/[\s"]|^$/.test(operand) ? `"${operand.replaceAll('"', "")}"` : operand}`;

/** How somebody is named in a search: by name, where that is enough. @param {any} operand */
export function personText(operand) {
  if (operand === me.id()) return "me";
  if (typeof operand !== "number") return String(operand);
  const user = users.get(operand);
  return isOnlyOne(user) ? user.full_name : user.email;
}

/** @param {users.User} user */
const isOnlyOne = (user) => !/[",]/.test(user.full_name) && users.all().filter((each) => each.full_name === user.full_name).length === 1;

/** @param {string} text */
function channelOf(text) {
  const wanted = text.toLowerCase();
  return channels.all().find((each) => each.name.toLowerCase() === wanted)?.stream_id ?? text;
}

/** @param {string} text */
function peopleOf(text) {
  const found = text.split(",").map((each) => personOf(each.trim()));
  return found.includes(undefined) ? text : found;
}

/** @param {string} text a name, an address or "me" @returns {number | undefined} */
function personOf(text) {
  const wanted = text.toLowerCase();
  if (wanted === "me") return me.id();
  const named = users.all().filter((each) => each.full_name.toLowerCase() === wanted || each.email.toLowerCase() === wanted || each.delivery_email?.toLowerCase() === wanted);
  return (named.find((each) => each.is_active) ?? named[0])?.user_id;
}
