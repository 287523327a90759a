/** What the data folder takes on the disk, and its backups. */

import { get } from "../base/api.js";
import { fill, h } from "../base/dom.js";
import { failed } from "../parts/toast.js";
import { facts, panel } from "./panel.js";
import { table } from "./table.js";
import { percent, several, size, when } from "./units.js";

const OLD = 7 * 86_400; // seconds after which a backup is too old to be of much use

/** @type {Record<string, string>} */
const PARTS = { database: "Database", uploads: "Uploaded files", outbox: "Mails in the outbox", exports: "Exports", backups: "Backups", other: "Other files" };

/** @param {HTMLElement} root @returns {() => void} */
export function open(root) {
  const space = h("div", null, h("p", { class: "faint" }, "Measuring…"));
  const tables = h("div", null, h("p", { class: "faint" }, "To tell which tables are large, the whole database is read."), h("button", { type: "button", onclick: () => measure().catch(failed) }, "Measure the tables"));
  const saved = h("div");
  fill(root, panel("Disk", space), panel("Backups", saved), panel("Tables of the database", tables));
  get("/appliance/admin/disk").then((answer) => (fill(space, drawn(answer)), fill(saved, backups(answer.backups))), failed);
  return () => {};

  async function measure() {
    const button = tables.querySelector("button");
    button.disabled = true;
    try {
      const answer = await get("/appliance/admin/tables");
      const found = table("Tables of the database", SIZES, (row) => row.name, "This server's SQLite cannot tell.");
      found.draw(answer.tables);
      fill(tables, found.element);
    } finally {
      button.disabled = false;
    }
  }
}

const SIZES = [
  { title: "Name", cell: (/** @type {any} */ row) => row.name },
  { title: "Size", number: true, cell: (/** @type {any} */ row) => size(row.bytes) },
];

/** @param {Record<string, any>} answer */
function drawn({ parts, free, total }) {
  const taken = /** @type {[string, number][]} */ (Object.entries(parts));
  const ours = taken.reduce((sum, [, bytes]) => sum + bytes, 0);
  const bars = taken.filter(([, bytes]) => bytes).map(([name, bytes]) => h("span", { class: `part ${name}`, style: { "flex-grow": String(bytes) }, title: `${PARTS[name]}: ${size(bytes)}` }));
  return [
    h("p", null, `The data folder takes ${size(ours)}. ${size(free)} of ${size(total)} (${percent(free / total)}) are free.`),
    h("div", { class: "bar", "aria-hidden": "true" }, bars),
    facts(taken.map(([name, bytes]) => [PARTS[name], [h("span", { class: `dot ${name}` }), size(bytes)]])),
  ];
}

/** @param {{name: string, bytes: number, modified: number}[]} found newest first */
function backups(found) {
  if (!found.length) return h("p", { class: "faint" }, "There are no backups in this data folder (backups/). Whether there are others elsewhere, the server does not know.");
  const [newest] = found;
  const list = table("Backups", [...SIZES, { title: "Made", cell: (row) => when(row.modified) }], (row) => row.name, "");
  list.draw(found);
  const old = Date.now() / 1000 - newest.modified > OLD;
  return [h("p", { class: old ? "error-text" : "faint" }, `${several(found.length, "backup")}; the newest is of `, when(newest.modified), "."), list.element];
}
