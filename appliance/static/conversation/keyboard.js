/** Keys of the list: going from message to message, and doing something with the one that is chosen. */

import { shortcuts } from "../base/keys.js";
import * as me from "../state/me.js";
import { ACTIONS, actionNamed, perform } from "./actions.js";
import { mayEdit } from "./rights.js";

/** @typedef {import("./list.js").MessageList} MessageList */
/** @typedef {import("../base/keys.js").Shortcut} Shortcut */

const GROUP = "Messages";

/** @param {MessageList} list @param {() => void} toEnd goes to the newest message @returns {() => void} no more */
export function listenInList(list, toEnd) {
  /** @param {string[]} keys @param {string} does @param {() => void} run @returns {Shortcut} */
  const go = (keys, does, run) => ({ keys, does, group: GROUP, run, when: (event) => isHere(list, event) });
  return shortcuts(
    go(["ArrowDown", "j"], "Next message", () => step(list, 1)),
    go(["ArrowUp", "k"], "Message before", () => step(list, -1)),
    go(["PageUp", "K"], "A page up", () => page(list, -1)),
    go([" ", "PageDown", "J"], "A page down", () => page(list, 1)),
    go(["Home"], "First message that is loaded", () => choose(list, list.articles()[0])),
    go(["End", "G"], "Newest message", toEnd),
    go(["ArrowLeft"], "Edit your last message", () => editLast(list)),
    ...ACTIONS.filter((each) => each.keys).map((each) => shortcutOf(each, list)),
  );
}

/** @param {import("./actions.js").Action} action @param {MessageList} list @returns {Shortcut} */
function shortcutOf(action, list) {
  const when = (/** @type {KeyboardEvent} */ event) => isHere(list, event) && !!list.selection && (action.when?.(list.selection.message) ?? true);
  return { keys: action.keys, does: action.text, group: GROUP, when, run: () => perform(action, { ...list.selection, anchor: list.selection.article, list }) };
}

/** Other parts of the page have keys of their own, and some press what has the focus. @param {MessageList} list @param {KeyboardEvent} event */
function isHere(list, event) {
  const focused = document.activeElement;
  if (!focused || focused === document.body || focused.id === "main") return true;
  if (!list.element.contains(focused)) return false;
  return !(PRESSING.has(event.key) && focused.matches(PRESSED)) && !focused.matches("video, pre");
}

const PRESSING = new Set(["Enter", " "]);
const PRESSED = "a, button, [role=button]";

/** @param {MessageList} list @param {-1 | 1} by */
function step(list, by) {
  const articles = list.articles();
  const at = list.selection ? articles.indexOf(list.selection.article) : -1;
  if (at < 0) return choose(list, visible(list, by));
  choose(list, articles[at + by]);
}

/** Where one begins: at what is seen. @param {MessageList} list @param {-1 | 1} by */
function visible(list, by) {
  const { top, bottom } = list.element.getBoundingClientRect();
  const seen = list.scroller.seen(top, bottom).filter((each) => each.matches("article"));
  return by > 0 && !list.scroller.atBottom ? seen[0] : seen.at(-1);
}

/** @param {MessageList} list @param {HTMLElement | undefined} article */
export function choose(list, article) {
  if (!article) return;
  list.select(article);
  article.focus({ preventScroll: true });
  list.scroller.reveal(article, MARGIN);
}

const MARGIN = 40; // pixels that the conversation's name takes at the top

/** @param {MessageList} list @param {-1 | 1} by */
function page(list, by) {
  list.element.scrollBy({ top: by * (list.element.clientHeight - 2 * MARGIN) });
}

/** @param {MessageList} list */
function editLast(list) {
  const mine = list.messages().findLast((each) => each.sender_id === me.id());
  const article = mine && list.articleOf(mine.id);
  if (!article || !mayEdit(mine)) return;
  choose(list, article);
  perform(actionNamed("edit"), { message: mine, article, anchor: article, list });
}
