/** What may be meant by what has been typed into the field for searching. */

import * as channels from "../state/channels.js";
import * as topics from "../state/topics.js";
import * as users from "../state/users.js";
import * as here from "./here.js";
import { personText, term, toTerms, tokens } from "./search_text.js";

const MOST = 10;

/** @typedef {{text: string, says: string, icon: string, whole: boolean}} Suggestion `text`: of the field then; `whole`: it can be searched for, else there is more to type */
/** @typedef {{operator: string, says: string, icon?: string, operands?: (text: string, before: string) => Candidate[] | Promise<Candidate[]>}} Operator */
/** @typedef {{operand: string, says: string, icon?: string}} Candidate */

/** @type {Record<string, string>} */
const STATES = {
  unread: "Unread messages",
  mentioned: "Messages that mention you",
  starred: "Starred messages",
  dm: "Direct messages",
  followed: "Followed topics",
  resolved: "Resolved topics",
  alerted: "Messages with your alert words",
  muted: "Muted messages",
};

/** @type {Record<string, string>} */
const CONTENTS = { link: "Messages with links", image: "Messages with pictures", attachment: "Messages with files", reaction: "Messages with reactions" };

/** For suggestions, and for who asks which there are. @type {Operator[]} */
export const OPERATORS = [
  { operator: "channel", says: "Messages in a channel", icon: "hash", operands: channelsLike },
  { operator: "topic", says: "Messages in a topic", icon: "right", operands: topicsLike },
  { operator: "dm", says: "Direct messages with somebody", icon: "person", operands: peopleLike("Direct messages with") },
  { operator: "dm-including", says: "All direct messages that include somebody", icon: "people", operands: peopleLike("Direct messages including") },
  { operator: "sender", says: "Messages that somebody has sent", icon: "send", operands: peopleLike("Sent by") },
  { operator: "is", says: "Unread, starred, mentioned …", icon: "check", operands: (text) => chosen(STATES, text) },
  { operator: "has", says: "With links, pictures, files or reactions", icon: "clip", operands: (text) => chosen(CONTENTS, text) },
  { operator: "channels", says: "All public channels, also those you are not in", icon: "globe", operands: (text) => chosen({ public: "All public channels" }, text) },
  { operator: "in", says: "All that is not muted", icon: "bell", operands: (text) => chosen({ home: "All that is not muted" }, text) },
  { operator: "near", says: "Messages around one, by its number", icon: "eye" },
  { operator: "id", says: "One message, by its number", icon: "eye" },
];

/** @param {string} text @returns {Promise<Suggestion[]>} the first is what Enter does */
export async function suggest(text) {
  const all = tokens(text);
  const last = /\s$/.test(text) && !/"[^"]*$/.test(text) ? undefined : all.at(-1);
  const before = last ? text.slice(0, text.trimEnd().length - last.text.length) : text;
  const found = last?.operator ? await ofOperator(last, before) : ofWord(last?.text ?? "", before);
  const whole = text.trim() && toTerms(text).length ? [{ text: text.trim(), says: says(text), icon: "search", whole: true }] : [];
  const known = new Set(whole.map((each) => each.text));
  return [...whole, ...found.filter((each) => !known.has(each.text.trim()))].slice(0, MOST);
}

/** @param {string} text */
const says = (text) => (tokens(text).every((each) => each.operator) ? `Show ${text.trim()}` : `Search for ${text.trim()}`);

/** @param {import("./search_text.js").Token} token @param {string} before @returns {Promise<Suggestion[]>} */
async function ofOperator({ operator, operand, negated }, before) {
  const known = OPERATORS.find((each) => each.operator === operator);
  const found = (await known?.operands?.(operand, before)) ?? [];
  return found.map((each) => ({ text: `${before}${term(operator, each.operand, negated)} `, says: `${negated ? "Without: " : ""}${each.says}`, icon: each.icon ?? known.icon, whole: true }));
}

/** Channels, people and operators that a word may be the beginning of. @param {string} word @param {string} before @returns {Suggestion[]} */
function ofWord(word, before) {
  const bare = word.replace(/^-/, "").toLowerCase();
  const negated = word.startsWith("-");
  const stubs = OPERATORS.filter(({ operator }) => operator.startsWith(bare)).map(({ operator, says, icon }) => ({ text: `${before}${negated ? "-" : ""}${operator}:`, says, icon, whole: false }));
  if (!bare) return before ? stubs : [...ofThisPlace(), ...stubs];
  /** @param {string} operator @param {string} icon @returns {(each: Candidate) => Suggestion} */
  const made = (operator, icon) => (each) => ({ text: `${before}${term(operator, each.operand, negated)} `, says: each.says, icon: each.icon ?? icon, whole: true });
  const states = [...matching(STATES, bare).map(made("is", "check")), ...matching(CONTENTS, bare).map(made("has", "clip"))];
  const people = peopleLike("Direct messages with")(bare).slice(0, 3);
  return [...stubs, ...channelsLike(bare).slice(0, 3).map(made("channel", "hash")), ...people.map(made("dm", "person")), ...states];
}

/** To search where one is. @returns {Suggestion[]} */
function ofThisPlace() {
  const streamId = here.channel();
  if (streamId === null) return [];
  const name = channels.name(streamId);
  return [{ text: `${term("channel", name)} `, says: `Messages in #${name}`, icon: channels.icon(streamId), whole: true }];
}

/** @param {string} text @returns {Candidate[]} */
function channelsLike(text) {
  return channels.search(text, 6).map(({ stream_id: id, name }) => ({ operand: name, says: `Messages in #${name}`, icon: channels.icon(id) }));
}

/** Of the channel that is named before, or is open. @param {string} text @param {string} before @returns {Promise<Candidate[]>} */
async function topicsLike(text, before) {
  const named = toTerms(before).find(({ operator }) => operator === "channel")?.operand;
  const streamId = typeof named === "number" ? named : here.channel();
  const rows = streamId === null ? [] : await topics.recent(streamId).catch(() => /** @type {topics.Topic[]} */ ([]));
  const wanted = text.toLowerCase();
  const found = rows.filter(({ name }) => name.toLowerCase().includes(wanted)).slice(0, 6);
  return found.map(({ name }) => ({ operand: name, says: `Topic ${topics.shown(name)}` }));
}

/** @param {string} says @returns {(text: string) => Candidate[]} */
function peopleLike(says) {
  return (text) => {
    const done = text.slice(0, text.lastIndexOf(",") + 1);
    const found = users.search(text.slice(done.length).trim(), 6);
    return found.map((user) => ({ operand: `${done}${personText(user.user_id)}`, says: `${says} ${user.full_name}` }));
  };
}

/** @param {Record<string, string>} known @param {string} text @returns {Candidate[]} */
const chosen = (known, text) => Object.entries(known).filter(([operand]) => operand.startsWith(text.toLowerCase())).map(([operand, says]) => ({ operand, says }));

/** Also by what they say. @param {Record<string, string>} known @param {string} word @returns {Candidate[]} */
const matching = (known, word) => Object.entries(known).filter(([operand, says]) => operand.startsWith(word) || says.toLowerCase().includes(` ${word}`) || says.toLowerCase().startsWith(word)).map(([operand, says]) => ({ operand, says }));
