/** The page of one channel or group: its name, links to the parts of the page, and the part that the address names. */

import { watch } from "../base/changes.js";
import { fill, h } from "../base/dom.js";
import { mark } from "../parts/sheet.js";
import { explanation } from "./panel.js";

/** @typedef {import("../base/dom.js").Child} Child */
/** @typedef {(panel: HTMLElement, id: number) => void | (() => void)} Show */
/** @typedef {{name: string, text: string, show: Show}} Tab `name`: as in Zulip's addresses */

/**
 * @param {HTMLElement} panel
 * @param {object} asked
 * @param {number} asked.id
 * @param {string} asked.label of the links
 * @param {string} asked.address of the page
 * @param {Tab[]} asked.tabs
 * @param {Tab} asked.open one of them
 * @param {string[]} asked.subjects
 * @param {() => Child[] | null} asked.title null: there is no such thing
 * @param {() => unknown} asked.form what the parts cannot follow by themselves: when it changes they are drawn anew
 */
export function showTabbed(panel, { id, label, address, tabs, open, subjects, title, form }) {
  const head = h("div", { class: "panel-heading" });
  const links = h(
    "nav",
    { class: "tabs", "aria-label": label },
    tabs.map((each) => h("a", { href: `${address}/${each.name}`, data: { name: each.name } }, each.text)),
  );
  const content = h("div");
  let end = () => {};
  let drawn = "";
  panel.append(head, links, content);
  mark(links, open.name);
  draw();
  const stop = watch(subjects, draw);
  return () => (stop(), end());

  function draw() {
    const children = title();
    const now = JSON.stringify([children !== null, children && form()]);
    fill(head, children ?? explanation("There is no such thing, or you may not see it."));
    links.hidden = children === null || tabs.length < 2;
    if (now === drawn) return;
    drawn = now;
    end();
    fill(content);
    end = (children && open.show(content, id)) || (() => {});
  }
}
