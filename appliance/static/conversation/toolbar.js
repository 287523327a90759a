/** The buttons of the message that is pointed at or chosen: one row of them for the whole list, which moves. */

import { h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { actionNamed, labelOf } from "./actions.js";
import { messageOf } from "./message.js";

/** @typedef {import("./rows.js").Message} Message */
/** @typedef {import("./list.js").MessageList} MessageList */

const SHOWN = ["react", "quote", "edit", "star", "menu"];

/** @param {MessageList} list @returns {() => void} puts it where it belongs; call it after drawing */
export function followPointer(list) {
  const bar = h("div", { class: "message-tools", role: "toolbar", "aria-label": "Message" });
  let pointed = /** @type {HTMLElement | null} */ (null);
  let shown = /** @type {Message | null} */ (null);
  list.rows.addEventListener("pointerover", (event) => event.pointerType === "mouse" && point(articleOf(event)));
  list.rows.addEventListener("pointerleave", () => point(null));
  for (const each of ["click", "focusin"]) list.element.addEventListener(each, place); // when the rows have heard of it
  return place;

  /** @param {HTMLElement | null} article */
  function point(article) {
    if (article === pointed) return;
    pointed = article;
    place();
  }

  function place() {
    const article = pointed?.isConnected ? pointed : (list.selection?.article ?? null);
    if (!article) return bar.remove();
    const message = messageOf(article);
    if (message !== shown) draw(message);
    if (bar.parentElement !== article) article.append(bar);
  }

  /** @param {Message} message */
  function draw(message) {
    shown = message;
    const actions = SHOWN.map(actionNamed).filter((each) => each.when?.(message) ?? true);
    bar.replaceChildren(...actions.map((each) => button(each, message)));
  }
}

/** @param {import("./actions.js").Action} action @param {Message} message */
function button(action, message) {
  const label = labelOf(action, message);
  const key = action.keys?.[0];
  return h(
    "button",
    { type: "button", class: "icon-button", "aria-label": label, title: key ? `${label} (${key})` : label, "aria-pressed": action.on ? String(action.on(message)) : null, data: { deed: action.name } },
    icon(action.icon),
  );
}

/** @param {Event} event @returns {HTMLElement | null} */
const articleOf = (event) => (event.target instanceof Element ? event.target.closest("article") : null);
