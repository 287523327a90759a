/** The text of a message, or what stands in its place: an editor, a widget, or a way to show what is hidden. */

import { fill, h } from "../base/dom.js";
import { failed } from "../parts/toast.js";
import * as muted from "../state/muted.js";
import { contentOf } from "./content.js";
import * as editing from "./editing.js";

/** @typedef {import("./rows.js").Message} Message */
/** @typedef {import("./list.js").MessageList} MessageList */

const MANY = 40; // lines; a message of more is shown in part
const LETTERS = 5000; // of HTML in one line count as MANY lines

/** What it depends on. @param {{message: Message}} row @param {MessageList} list */
export const bodyState = ({ message }, list) => [
  (list.search && message.match_content) || message.content,
  message.submessages,
  message.flags.includes("collapsed"),
  muted.isMuted(message.sender_id),
  list.revealed.has(message.id),
  editing.isOpen(message.id),
  list.versions.body,
];

/** @param {HTMLElement} part @param {{message: Message}} row @param {MessageList} list */
export function drawBody(part, { message }, list) {
  if (editing.isOpen(message.id)) return fill(part, editing.editorOf(message.id));
  if (muted.isMuted(message.sender_id) && !list.revealed.has(message.id)) return fill(part, reveal("Hidden: you have muted the sender.", message, list));
  if (message.flags.includes("collapsed") && !list.revealed.has(message.id)) return fill(part, reveal("Collapsed.", message, list));
  if (message.submessages.length && part.querySelector(".widget")) return void renewWidget(part, message).catch(failed);
  const content = h("div", { class: "message-content rendered_markdown" }, contentOf(message, list.search ? message.match_content : undefined));
  fill(part, content, isLong(message.content) && expander(content, message.id, list));
  if (message.submessages.length) showWidget(content, message).catch(failed);
}

/** @param {string} why @param {Message} message @param {MessageList} list */
function reveal(why, message, list) {
  const show = () => (list.revealed.add(message.id), list.redraw());
  return h("div", { class: "message-hidden" }, why, " ", h("button", { type: "button", class: "link-button", onclick: show }, "Show it"));
}

/** Judged by its markup: to measure it, all that is not on screen would have to be laid out. @param {string} html */
function isLong(html) {
  const lines = html.match(/<br|<\/p>|<\/li>|<\/tr>|\n/g)?.length ?? 0;
  return lines > MANY || html.replace(/<[^>]*>/g, "").length > LETTERS;
}

/** @param {HTMLElement} content @param {number} id @param {MessageList} list */
function expander(content, id, list) {
  const button = h("button", { type: "button", class: "show-more", onclick: () => turn(!list.expanded.has(id)) });
  /** @param {boolean} open */
  function turn(open) {
    list.expanded[open ? "add" : "delete"](id);
    draw(open);
    if (!open) list.scroller.reveal(content.closest(".message"));
  }
  /** @param {boolean} open */
  function draw(open) {
    content.classList.toggle("long", !open);
    button.setAttribute("aria-expanded", String(open));
    button.textContent = open ? "Show less" : "Show more";
  }
  draw(list.expanded.has(id));
  return button;
}

/** @param {HTMLElement} content @param {Message} message */
async function showWidget(content, message) {
  const { widgetOf } = await import("./widget.js");
  const widget = widgetOf(message);
  if (widget) fill(content, widget);
}

/** Somebody has ticked, voted or added: what is typed there stays. @param {HTMLElement} part @param {Message} message */
async function renewWidget(part, message) {
  const { renew } = await import("./widget.js");
  const shown = /** @type {HTMLElement | null} */ (part.querySelector(".widget"));
  if (shown) renew(shown, message);
}
