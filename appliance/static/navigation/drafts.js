/** What one has begun to write, everywhere. */

import { watch } from "../base/changes.js";
import { fill, h, keyed } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { style } from "../base/style.js";
import { ago } from "../base/time.js";
import * as compose from "../compose/compose.js";
import { toast } from "../parts/toast.js";
import * as destinations from "../state/destination.js";
import * as drafts from "../state/drafts.js";
import { walk } from "./walk.js";

await style("lists");

/** @typedef {import("../state/drafts.js").Draft} Draft */

/** @param {HTMLElement} root */
export function open(root) {
  const list = h("ul", { class: "waiting" });
  const nothing = h("p", { class: "empty" }, "There are no drafts. What you begin to write and do not send is kept here.");
  const scroll = h("div", { class: "scroll", tabindex: "-1" }, h("div", { class: "view" }, list, nothing));
  fill(root, scroll);
  const draw = () => {
    keyed(list, drafts.all(), (draft) => `${draft.key} ${draft.at}`, make);
    nothing.hidden = drafts.all().length > 0;
  };
  const stops = [watch(["drafts", "channels", "users"], draw), walk(list, ".waiting-open")];
  draw();
  return { title: "Drafts", close: () => stops.forEach((stop) => stop()), focus: () => scroll.focus({ preventScroll: true }) };
}

/** @param {Draft} draft */
function make({ key, destination, content, at }) {
  const where = destination ? destinations.title(destination) : "Nobody yet";
  return h(
    "li",
    null,
    h("span", { class: "waiting-where", dir: "auto" }, where),
    h("span", { class: "waiting-when" }, ago(at)),
    h("div", { class: "waiting-text", dir: "auto" }, content),
    h(
      "div",
      { class: "waiting-deeds" },
      h("button", { type: "button", class: "waiting-open", onclick: () => goOn(key) }, icon("edit"), "Go on writing"),
      h("button", { type: "button", class: "danger", onclick: () => discard(key) }, icon("bin"), "Delete"),
    ),
  );
}

/** Where it belongs. @param {string} key */
function goOn(key) {
  const { destination, content } = drafts.get(key);
  if (destination) location.hash = destinations.hash(destination);
  compose.open({ destination, content, draft: key });
}

/** @param {string} key */
function discard(key) {
  const { destination, content } = drafts.get(key);
  drafts.discard(key);
  toast("Draft deleted.", { action: "Undo", run: () => drafts.save(drafts.fresh(), destination, content) });
}
