/** Tables whose rows change while one looks: they stay where they are, and on phones each becomes a card. */

import { h, keyed } from "../base/dom.js";

/** @typedef {import("../base/dom.js").Child} Child */
/** @typedef {{title: string, number?: boolean, cell: (row: any) => Child | Child[]}} Column without a title: buttons */

/**
 * @param {string} label for screen readers
 * @param {Column[]} columns
 * @param {(row: any) => string | number} keyOf
 * @param {string} empty what is shown where there are no rows
 */
export function table(label, columns, keyOf, empty) {
  const rows = h("tbody", { role: "rowgroup" });
  const heads = columns.map(({ title, number }) => h("th", { role: "columnheader", scope: "col", class: number ? "number" : "" }, title || h("span", { class: "unseen" }, "Actions")));
  // The roles are said since the style of phones takes them away.
  const drawn = h("table", { role: "table", "aria-label": label }, h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, heads)), rows);
  const nothing = h("p", { class: "faint nothing" }, empty);
  const element = h("div", { class: "table", hidden: true }, drawn, nothing);
  return { element, draw };

  /** @param {any[]} found */
  function draw(found) {
    keyed(rows, found, keyOf, (row) => h("tr", { role: "row" }, columns.map((column) => fresh(column, row))), update);
    drawn.hidden = !found.length;
    nothing.hidden = !!found.length;
    element.hidden = false;
  }

  /** @param {HTMLTableRowElement} kept @param {any} row */
  function update(kept, row) {
    columns.forEach((column, at) => {
      const made = fresh(column, row);
      // Who presses a button, or marks a text, is not to lose it under the pointer.
      if (!made.isEqualNode(kept.cells[at])) kept.cells[at].replaceWith(made);
    });
  }
}

/** @param {Column} column @param {any} row */
function fresh({ title, number, cell }, row) {
  return h("td", { role: "cell", class: number ? "number" : title ? "" : "actions", data: { title } }, cell(row));
}
