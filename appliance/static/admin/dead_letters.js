/** Jobs that failed for good: look at them, have them tried again, or drop them. */

import { get, post, remove } from "../base/api.js";
import { fill, h } from "../base/dom.js";
import { confirm, openDialog } from "../parts/dialog.js";
import { failed, toast } from "../parts/toast.js";
import { follow } from "./live.js";
import { facts, panel } from "./panel.js";
import { table } from "./table.js";
import { count, several, when } from "./units.js";

const EVERY = 3; // seconds
const PAGE = 50; // letters
const PATH = "/appliance/admin/dead_letters";

/** @typedef {{job_ids: number[]} | {queue: string}} Which */

/** @param {HTMLElement} root @param {string[]} place the queue's name, or nothing for all @returns {() => void} */
export function open(root, [queue]) {
  const list = table("Dead letters", columns(act), (row) => row.id, queue ? `There is no dead letter of ${queue}.` : "There are no dead letters: nothing has failed for good.");
  const pages = pager(() => found.again());
  const title = queue ? `Dead letters of ${queue}` : "Dead letters";
  fill(root, panel(title, heading(queue, act), list.element, pages.element));
  const found = follow(
    "dead_letters",
    EVERY,
    (answer) => {
      list.draw(answer.dead_letters);
      pages.draw(answer.dead_letters);
    },
    () => ({ queue, before: pages.before(), limit: PAGE }),
  );
  return found.stop;

  /** @param {Promise<void>} deed */
  function act(deed) {
    deed.catch(failed).finally(() => found.again());
  }
}

/** @param {string | undefined} queue @param {(deed: Promise<void>) => void} act */
function heading(queue, act) {
  if (!queue) return h("p", { class: "faint" }, "What a queue could not do although it tried again and again. Choose a queue under ", h("a", { href: "#jobs" }, "Jobs"), " to deal with all of its letters at once.");
  return h(
    "div",
    { class: "tools" },
    h("a", { class: "button", href: "#dead" }, "All queues"),
    h("button", { type: "button", onclick: () => act(retry({ queue })) }, "Try all again"),
    h("button", { type: "button", class: "danger", onclick: () => act(drop({ queue })) }, "Drop all…"),
  );
}

/** @param {(deed: Promise<void>) => void} act */
function columns(act) {
  return [
    { title: "Queue", cell: (/** @type {any} */ row) => h("a", { href: `#dead/${encodeURIComponent(row.queue)}` }, h("code", null, row.queue)) },
    { title: "Why", cell: (/** @type {any} */ row) => h("span", { class: "why" }, row.error.split("\n")[0]) },
    { title: "Tries", number: true, cell: (/** @type {any} */ row) => count(row.failed_tries) },
    { title: "Since", cell: (/** @type {any} */ row) => when(row.died) },
    {
      title: "",
      cell: (/** @type {any} */ row) => [
        h("button", { type: "button", "aria-label": `Look at job ${row.id}`, onclick: () => look(row.id, act).catch(failed) }, "Look"),
        h("button", { type: "button", "aria-label": `Try again: job ${row.id}`, onclick: () => act(retry({ job_ids: [row.id] })) }, "Try again"),
        h("button", { type: "button", class: "danger", "aria-label": `Drop… job ${row.id}`, onclick: () => act(drop({ job_ids: [row.id] })) }, "Drop…"),
      ],
    },
  ];
}

/** Older and newer ones. @param {() => void} turned */
function pager(turned) {
  const starts = /** @type {number[]} */ ([]); // of the pages that were turned, the ids before which they begin
  let last = 0;
  const newer = h("button", { type: "button", onclick: () => (starts.pop(), turned()) }, "Newer");
  const older = h("button", { type: "button", onclick: () => (starts.push(last), turned()) }, "Older");
  const element = h("div", { class: "tools", hidden: true }, newer, older);
  return { element, before: () => starts.at(-1), draw };

  /** @param {any[]} rows */
  function draw(rows) {
    last = rows.at(-1)?.id ?? last;
    newer.disabled = !starts.length;
    older.disabled = rows.length < PAGE;
    element.hidden = newer.disabled && older.disabled;
  }
}

/** @param {number} id @param {(deed: Promise<void>) => void} act */
async function look(id, act) {
  const job = await get(`${PATH}/${id}`);
  const again = h("button", { type: "button", class: "primary", onclick: () => (dialog.close(), act(retry({ job_ids: [id] }))) }, "Try again");
  const gone = h("button", { type: "button", class: "danger", onclick: () => (dialog.close(), act(drop({ job_ids: [id] }))) }, "Drop…");
  const dialog = openDialog({
    title: `Job ${id}`,
    wide: true,
    body: [
      facts([["Queue", job.queue], ["Made", when(job.created)], ["Given up", when(job.died)], ["Tries", count(job.failed_tries)]]),
      h("h3", null, "Why it failed"),
      h("pre", { dir: "auto", tabindex: "0" }, job.error),
      h("h3", null, "What it was about"),
      h("p", { class: "faint" }, "Texts are left out: people may have written them, or they may be secret."),
      h("pre", { tabindex: "0" }, JSON.stringify(job.event, null, 2)),
    ],
    actions: [gone, again],
  });
}

/** @param {Which} which */
async function retry(which) {
  const done = await all(which, (some) => post(`${PATH}/retry`, some), "retried");
  toast(`${several(done, "job")} ${done === 1 ? "is" : "are"} tried again.`);
}

/** @param {Which} which */
async function drop(which) {
  const what = "queue" in which ? `all dead letters of ${which.queue}` : "this dead letter";
  const agreed = await confirm({ title: "Drop for good?", text: `What ${what} should have done will not be done. This cannot be undone.`, action: "Drop", danger: true });
  if (!agreed) return;
  const done = await all(which, (some) => remove(PATH, some), "dropped");
  toast(`${several(done, "job")} dropped.`);
}

/** The server does some at a time. @param {Which} which @param {(which: Which) => Promise<Record<string, any>>} deed @param {string} done */
async function all(which, deed, done) {
  for (let sum = 0; ; ) {
    const answer = await deed(which);
    sum += answer[done];
    if (!answer.left) return sum;
  }
}
