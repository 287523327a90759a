/**
 * Emoji: the organization's own, and all others by Zulip's names, which are fetched when they are wanted first.
 * One is {emoji_name, emoji_code, reaction_type}, as in a reaction.
 */

import { changed } from "../base/changes.js";
import { h } from "../base/dom.js";

/** @typedef {{emoji_name: string, emoji_code: string, reaction_type: string}} Emoji */

const RECENT = 24; // that are remembered
const STORED = "recent-emoji";
const POPULAR = ["1f44d", "1f389", "1f642", "2764", "1f6e0", "1f419"]; // Zulip's
const NAMES = new URL("../emoji_names.json", import.meta.url);

let own = /** @type {Record<string, any>} */ ({});
let names = /** @type {Record<string, string[]>} */ ({}); // by code, the usual name first
let fetched = /** @type {Promise<void> | null} */ (null);

/** @param {Record<string, any>} told */
export function load(told) {
  own = told.realm_emoji ?? {};
  changed("emoji");
}

export const events = {
  /** @param {any} event */
  realm_emoji(event) {
    own = event.realm_emoji;
    changed("emoji");
  },
};

/** Resolves when the names are there. @returns {Promise<void>} */
export function ready() {
  fetched ??= fetchNames().catch((error) => {
    fetched = null;
    throw error;
  });
  return fetched;
}

async function fetchNames() {
  const answer = await fetch(NAMES);
  if (!answer.ok) throw new Error("The names of emoji could not be fetched.");
  names = (await answer.json()).code_to_names;
  changed("emoji");
}

/** Those in use. @returns {Emoji[]} */
export const ofRealm = () => Object.values(own).filter((each) => !each.deactivated).map(realm);

/** Every emoji of Unicode, by its usual name, in the order of the codes. @returns {Emoji[]} */
export const ofUnicode = () => Object.keys(names).map(unicode);

/** Zulip's favourites. @returns {Emoji[]} */
const popular = () => POPULAR.map(unicode);

/** Those that were used here last, then the popular ones. @returns {Emoji[]} */
export function recent() {
  const used = remembered().filter((each) => each.reaction_type !== "realm_emoji" || own[each.emoji_code]?.deactivated === false);
  return [...used, ...popular().filter((each) => !used.some((other) => other.emoji_code === each.emoji_code))];
}

/** Remember that it was used. @param {Emoji} emoji */
export function used(emoji) {
  const others = remembered().filter((each) => each.emoji_code !== emoji.emoji_code);
  try {
    localStorage.setItem(STORED, JSON.stringify([emoji, ...others].slice(0, RECENT)));
  } catch {
    // not allowed here: then it is not remembered
  }
}

/**
 * By name, spaces as good as underscores: whole names first, then beginnings, words in it, and the rest; shorter names before longer ones.
 * @param {string} text @param {number} limit @returns {Emoji[]}
 */
export function find(text, limit) {
  const wanted = text.trim().toLowerCase().replaceAll(/[\s-]+/g, "_");
  const found = /** @type {{rank: number, emoji: Emoji}[]} */ ([]);
  for (const emoji of ofRealm()) consider(found, [emoji.emoji_name], wanted, () => emoji);
  for (const [code, each] of Object.entries(names)) consider(found, each, wanted, (name) => ({ ...unicode(code), emoji_name: name }));
  return found.sort((a, b) => a.rank - b.rank || favour(b.emoji) - favour(a.emoji) || a.emoji.emoji_name.length - b.emoji.emoji_name.length).slice(0, limit).map((each) => each.emoji);
}

/** Of two that fit as well, the popular one comes first. @param {Emoji} emoji */
const favour = ({ emoji_code: code }) => Number(POPULAR.includes(code));

/** By its name, one of the organization first. @param {string} name @returns {Emoji | undefined} */
export const named = (name) => find(name, 1).find((each) => each.emoji_name === name);

/** @param {{rank: number, emoji: Emoji}[]} found @param {string[]} names of one @param {string} wanted @param {(name: string) => Emoji} make */
function consider(found, names, wanted, make) {
  const ranks = names.map((each) => rank(each.toLowerCase(), wanted));
  const best = Math.min(...ranks);
  if (best < 4) found.push({ rank: best, emoji: make(names[ranks.indexOf(best)]) });
}

/** @param {string} name @param {string} wanted @returns {number} less is better, 4: it does not fit */
function rank(name, wanted) {
  if (name === wanted) return 0;
  const at = name.indexOf(wanted);
  if (at < 0) return 4;
  return at === 0 ? 1 : name[at - 1] === "_" ? 2 : 3;
}

/** How it looks. @param {Emoji} emoji @returns {HTMLElement} */
export function show({ emoji_name: name, emoji_code: code, reaction_type: type }) {
  if (type === "realm_emoji") return h("img", { class: "emoji", src: own[code]?.source_url ?? "", alt: `:${name}:`, title: `:${name}:` });
  const text = type === "unicode_emoji" ? characters(code) : `:${name}:`;
  return h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` }, text);
}

/** @param {string} code "1f937-200d-2640" */
export function characters(code) {
  return code.split("-").map((each) => coloured(String.fromCodePoint(parseInt(each, 16)))).join("");
}

/** Codes have no variation selectors, without which some would be drawn as letters are. @param {string} character */
const coloured = (character) => (/\p{Emoji}/u.test(character) && !/\p{Emoji_Presentation}/u.test(character) ? `${character}\ufe0f` : character);

/** @param {string} code @returns {Emoji} */
const unicode = (code) => ({ emoji_name: names[code]?.[0] ?? FALLBACK[code] ?? code, emoji_code: code, reaction_type: "unicode_emoji" });

/** Of the popular ones, before the names are there. @type {Record<string, string>} */
const FALLBACK = { "1f44d": "+1", "1f389": "tada", "1f642": "smile", 2764: "heart", "1f6e0": "working_on_it", "1f419": "octopus" };

/** @param {any} each @returns {Emoji} */
const realm = (each) => ({ emoji_name: each.name, emoji_code: String(each.id), reaction_type: "realm_emoji" });

/** @returns {Emoji[]} */
function remembered() {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? "[]");
  } catch {
    return [];
  }
}
