/**
 * What the server has made of a message's text, made ready to be shown: times are the reader's, links lead to places
 * of the page, pictures open. STEPS says what is done with which elements, once, before anything is shown.
 */

import { h } from "../base/dom.js";
import { rendered } from "../base/html.js";
import { full } from "../base/time.js";
import * as alertWords from "../state/alert_words.js";
import { characters } from "../state/emoji.js";
import * as groups from "../state/groups.js";
import * as me from "../state/me.js";
import { setting } from "../state/told.js";
import * as users from "../state/users.js";
import { codeBlock } from "./code.js";
import { spoiler } from "./spoiler.js";
import { card, picture } from "./pictures.js";

/** @typedef {Record<string, any>} Message */
/** @typedef {(element: HTMLElement, message: Message) => void} Step */

/** @type {[string, Step][]} in this order */
const STEPS = [
  [".message_embed_image", card],
  ["[data-style]", alignment],
  [".message_inline_image", picture],
  ["a[href]", link],
  [".emoji[class*='emoji-']", emoji],
  ["time[datetime]", time],
  [".user-mention, .user-group-mention, .topic-mention", mention],
  [".katex", tex],
  [".spoiler-block", spoiler],
  [".codehilite", codeBlock],
  ["table", table],
];

/** @param {Message} message @param {string} [html] instead of its `content`, such as `match_content` @returns {DocumentFragment} */
export function contentOf(message, html = message.content) {
  const made = rendered(html);
  for (const [selector, step] of STEPS) {
    for (const element of made.querySelectorAll(selector)) step(/** @type {HTMLElement} */ (element), message);
  }
  for (const element of made.children) /** @type {HTMLElement} */ (element).dir ||= "auto";
  if (message.is_me_message) dropCommand(made);
  if (message.flags?.includes("has_alert_word")) markWords(made);
  return made;
}

/** Of cells. @param {HTMLElement} element */
function alignment(element) {
  const side = /^text-align: (left|center|right)/.exec(element.dataset.style)?.[1];
  if (side) element.classList.add(`to-${side}`);
}

/** @param {HTMLElement} element */
function link(element) {
  const anchor = /** @type {HTMLAnchorElement} */ (element);
  const address = new URL(anchor.getAttribute("href"), location.origin);
  const isPlace = address.origin === location.origin && address.pathname === "/" && address.hash.length > 1;
  if (isPlace) return anchor.setAttribute("href", address.hash);
  Object.assign(anchor, { target: "_blank", rel: "noopener noreferrer" });
  anchor.title ||= anchor.textContent === address.href ? "" : address.href;
}

/** Emoji are characters: their code points are in the class. @param {HTMLElement} element */
function emoji(element) {
  if (setting("emojiset") === "text") return;
  const code = /emoji-([0-9a-f-]+)/.exec(element.className)?.[1];
  if (code) element.textContent = characters(code);
}

/** @param {HTMLElement} element */
function time(element) {
  const moment = Date.parse(element.getAttribute("datetime")) / 1000;
  element.title = `Written as: ${element.textContent}`;
  element.textContent = full(moment, setting("twenty_four_hour_time"));
}

/** @param {HTMLElement} element */
function mention(element) {
  const userId = Number(element.dataset.userId);
  if (userId) {
    element.textContent = `${element.classList.contains("silent") ? "" : "@"}${users.isKnown(userId) ? users.name(userId) : element.textContent.replace(/^@/, "")}`;
    Object.assign(element, { role: "button", tabIndex: 0 });
  }
  element.dir = "auto";
  element.classList.toggle("mine", !element.classList.contains("silent") && isMine(element));
}

/** @param {HTMLElement} element */
function isMine({ dataset, classList }) {
  if (dataset.userGroupId) return groups.has(Number(dataset.userGroupId), me.id());
  return classList.contains("topic-mention") || dataset.userId === "*" || Number(dataset.userId) === me.id();
}

/** TeX is shown as it is written. @param {HTMLElement} element */
function tex(element) {
  const source = element.querySelector("annotation")?.textContent ?? element.textContent;
  element.replaceWith(h("code", { class: "tex" }, source.trim()));
}

/** A wide table scrolls by itself, not the page. @param {HTMLElement} element */
function table(element) {
  const frame = h("div", { class: "wide-table", tabindex: "0", role: "region", "aria-label": "Table" });
  element.replaceWith(frame);
  frame.append(element);
}

/** "/me" stands for the sender's name. @param {DocumentFragment} made */
function dropCommand(made) {
  const text = made.firstElementChild?.firstChild;
  if (text?.nodeType === Node.TEXT_NODE) text.textContent = text.textContent.replace(/^\s*\/me\s+/, "");
}

/** @param {DocumentFragment} made */
function markWords(made) {
  const words = alertWords.all().map((each) => each.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  if (!words.length) return;
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(${words.join("|")})(?![\\p{L}\\p{N}])`, "giu");
  const walker = document.createTreeWalker(made, NodeFilter.SHOW_TEXT);
  const texts = /** @type {Text[]} */ ([]);
  while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
  for (const text of texts) if (!text.parentElement?.closest("code, pre, a")) markIn(text, pattern);
}

/** @param {Text} text @param {RegExp} pattern with one group */
function markIn(text, pattern) {
  const parts = text.data.split(pattern);
  if (parts.length > 1) text.replaceWith(...parts.map((part, at) => (at % 2 ? h("mark", { class: "alert-word" }, part) : part)));
}
