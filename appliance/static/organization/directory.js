/** The list at the left of a sheet: what there is, found by its name, of one kind or another. */

import { watch } from "../base/changes.js";
import { h, keyed } from "../base/dom.js";
import { mark } from "../parts/sheet.js";
import { plain } from "../state/users.js";

/** @typedef {{name: string, text: string}} Kind `name`: as in the address */

/**
 * @template {{name: string}} Row
 * @param {object} asked
 * @param {string} asked.label of the list
 * @param {string} asked.place the address's first part
 * @param {Kind[]} asked.kinds the first is the usual one
 * @param {Node | false} asked.add what makes a new one
 * @param {(kind: string) => Row[]} asked.rows in their order
 * @param {(row: Row) => number} asked.idOf
 * @param {(row: Row) => Node} asked.picture
 * @param {(row: Row) => Node | false} asked.action a button beside it
 * @param {string[]} asked.subjects
 */
export function directory({ label, place, kinds, add, rows, idOf, picture, action, subjects }) {
  let [{ name: kind }] = kinds;
  let open = "";
  const words = h("input", { type: "search", placeholder: "Find by name", "aria-label": `Find ${label.toLowerCase()}`, dir: "auto", oninput: draw });
  const tabs = h(
    "nav",
    { class: "tabs", "aria-label": "Which" },
    kinds.map((each) => h("a", { href: `#${place}/${each.name}`, data: { name: each.name } }, each.text)),
  );
  const list = h("ul", { class: "directory", "aria-label": label });
  const none = h("p", { class: "faint" }, "Nothing here.");
  draw();
  return { elements: [...(add ? [add] : []), words, tabs, list, none], show, stop: watch(subjects, draw) };

  /** @param {string} asked a kind, or the id of what is open */
  function show(asked) {
    if (kinds.some((each) => each.name === asked)) kind = asked;
    open = asked;
    draw();
  }

  function draw() {
    const wanted = plain(words.value.trim());
    const found = rows(kind).filter((each) => plain(each.name).includes(wanted));
    none.hidden = found.length > 0;
    keyed(list, found, (each) => JSON.stringify(each), item);
    mark(list, open);
    mark(tabs, kind);
  }

  /** @param {Row} row */
  function item(row) {
    const link = h(
      "a",
      { href: `#${place}/${idOf(row)}`, data: { name: idOf(row) } },
      picture(row),
      h("span", { class: "directory-name", dir: "auto" }, row.name),
    );
    return h("li", { class: "directory-row" }, link, action(row));
  }
}
