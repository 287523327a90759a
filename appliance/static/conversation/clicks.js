/** What is pressed in the list: one listener for all messages. */

import { actionNamed, perform } from "./actions.js";
import { messageOf } from "./message.js";

/** @typedef {import("./list.js").MessageList} MessageList */
/** @typedef {(pressed: HTMLElement, article: HTMLElement, list: MessageList, event: Event) => any} Press */

/** @type {[string, Press][]} the first that fits */
const PRESSES = [
  ["[data-deed]", act],
  ["[data-card]", (pressed, ..._) => openCard(pressed, Number(pressed.dataset.card))],
  [".user-mention[role=button]", (pressed, ..._) => openCard(pressed, Number(pressed.dataset.userId))],
  [".opens-picture", openPicture],
];

/** @param {MessageList} list */
export function listenToClicks(list) {
  list.rows.addEventListener("click", (event) => pressed(event, list));
  list.rows.addEventListener("keydown", (event) => isPress(event) && pressed(event, list));
}

/** Mentions are no buttons of the browser's own. @param {KeyboardEvent} event */
const isPress = ({ key, target }) => (key === "Enter" || key === " ") && target instanceof HTMLElement && target.matches("span[role=button]");

/** @param {Event} event @param {MessageList} list */
function pressed(event, list) {
  const target = /** @type {HTMLElement} */ (event.target);
  const article = /** @type {HTMLElement | null} */ (target.closest("article"));
  if (!article) return;
  if (list.selection?.article !== article) list.select(article);
  for (const [selector, press] of PRESSES) {
    const found = /** @type {HTMLElement | null} */ (target.closest(selector));
    if (found && article.contains(found)) return press(found, article, list, event);
  }
}

/** @type {Press} */
function act(pressed, article, list) {
  perform(actionNamed(pressed.dataset.deed), { message: messageOf(article), article, anchor: pressed, list });
}

/** @param {HTMLElement} anchor @param {number} userId */
async function openCard(anchor, userId) {
  const { openPerson } = await import("../parts/person.js");
  openPerson(anchor, userId);
}

/** @type {Press} */
async function openPicture(pressed, _, list, event) {
  const { ctrlKey, metaKey, shiftKey } = /** @type {MouseEvent} */ (event);
  if (ctrlKey || metaKey || shiftKey) return; // in a tab of its own
  event.preventDefault();
  const { openPictures } = await import("./lightbox.js");
  openPictures(list.element, pressed);
}
