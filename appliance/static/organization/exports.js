/** The whole organization in a file, as Zulip's servers import it. */

import { get, post, remove } from "../base/api.js";
import { watch } from "../base/changes.js";
import { h, keyed } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { full } from "../base/time.js";
import { confirm } from "../parts/dialog.js";
import { choice, field } from "../parts/field.js";
import { openForm } from "../parts/form.js";
import { failed, toast } from "../parts/toast.js";
import { setting } from "../state/told.js";
import * as users from "../state/users.js";
import { button, entry, explanation, heading, iconButton } from "./panel.js";

const PUBLIC = 1,
  CONSENTED = 2;

/** @type {Record<number, string>} */
const KINDS = { [PUBLIC]: "Public", [CONSENTED]: "With private data of who allows it" };

/**
 * @typedef {object} Export times in Unix seconds
 * @property {number} id
 * @property {number} acting_user_id
 * @property {number} export_time
 * @property {number} export_type
 * @property {string | null} export_url
 * @property {boolean} pending
 * @property {number | null} failed_timestamp
 * @property {number | null} deleted_timestamp
 */

/** @param {HTMLElement} panel */
export function show(panel) {
  const list = h("ul", { class: "entries", "aria-label": "Exports" });
  const none = h("p", { class: "faint", hidden: true }, "There was no export yet.");
  panel.append(
    heading("Exports"),
    explanation("A file with messages, people, channels and files. Another Zulip server can be made of it. You are told when it is ready."),
    h("div", { class: "deeds" }, button("Start an export…", ask, "primary")),
    list,
    none,
  );
  draw();
  return watch(["exports"], draw);

  function draw() {
    get("/export/realm").then(({ exports }) => put(exports), failed);
  }

  /** @param {Export[]} exports */
  function put(exports) {
    const sorted = [...exports].sort((one, other) => other.export_time - one.export_time);
    none.hidden = sorted.length > 0;
    keyed(list, sorted, (each) => JSON.stringify(each), row);
  }
}

/** @param {Export} made */
function row(made) {
  const address = made.export_url && new URL(made.export_url).pathname;
  return entry({
    title: full(made.export_time, setting("twenty_four_hour_time")),
    tags: [KINDS[made.export_type], state(made)],
    detail: `Asked for by ${users.name(made.acting_user_id)}`,
    actions: [
      address && h("a", { class: "button", href: address, download: true }, icon("download"), "Download"),
      address && iconButton("bin", "Delete the file", () => drop(made)),
    ],
  });
}

/** @param {Export} made */
function state(made) {
  if (made.pending) return "Being made";
  if (made.failed_timestamp) return "Failed";
  return made.deleted_timestamp ? "Deleted" : "Ready";
}

/** @param {Export} made */
async function drop({ id }) {
  if (await confirm({ title: "Delete the file?", text: "The export cannot be downloaded any more.", action: "Delete", danger: true }))
    await remove(`/export/realm/${id}`);
}

async function ask() {
  const { export_consents: consents } = await get("/export/realm/consents");
  const number = consents.filter((/** @type {{consented: boolean}} */ each) => each.consented).length;
  let kind = PUBLIC;
  const kinds = [PUBLIC, CONSENTED].map((value) => ({ value, text: KINDS[value] }));
  openForm({
    title: "Start an export",
    body: [
      field(
        "What is in it",
        choice(kinds, kind, (value) => (kind = value)),
        `${number} of ${consents.length} people allow that their private data is exported; all choose that in their settings.`,
      ),
    ],
    action: "Start",
    run: async () => {
      await post("/export/realm", { export_type: kind });
      toast("The export has begun");
    },
  });
}
