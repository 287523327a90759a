/** The last mails that were written to the outbox, as there is no mail server. */

import { get } from "../base/api.js";
import { fill, h } from "../base/dom.js";
import { openDialog } from "../parts/dialog.js";
import { failed } from "../parts/toast.js";
import { follow } from "./live.js";
import { facts, panel } from "./panel.js";
import { table } from "./table.js";
import { when } from "./units.js";

const EVERY = 10; // seconds

const COLUMNS = [
  { title: "To", cell: (/** @type {any} */ row) => row.to },
  { title: "Subject", cell: subject },
  { title: "Written", cell: (/** @type {any} */ row) => when(row.time) },
  { title: "", cell: (/** @type {any} */ row) => row.readable && h("button", { type: "button", "aria-label": `Read the mail to ${row.to}: ${row.subject}`, onclick: () => read(row.name).catch(failed) }, "Read") },
];

/** @param {HTMLElement} root @returns {() => void} */
export function open(root) {
  const about = h("p", { class: "faint" });
  const list = table("Mails", COLUMNS, (row) => row.name, "No mail lies here.");
  fill(root, panel("Mails", about, list.element));
  return follow("mails", EVERY, (answer) => {
    about.textContent = answer.mail_server
      ? `Mails are sent by ${answer.mail_server} and do not stay here. Those below are from before.`
      : "There is no mail server, so mails go nowhere: they are files in the folder outbox. Hand them over yourself, or set mail.host. Owners can read what others were sent; what somebody missed, only they can.";
    list.draw(answer.mails);
  }).stop;
}

/** @param {any} row */
function subject(row) {
  if (row.about_messages && !row.readable) return h("span", { class: "faint" }, "Missed messages: only for whom it is");
  return h("span", { dir: "auto" }, row.subject || "(no subject)");
}

/** @param {string} name */
async function read(name) {
  const mail = await get(`/appliance/admin/mails/${encodeURIComponent(name)}`);
  const text = h("pre", { class: "letter", dir: "auto", tabindex: "0" }, mail.text);
  const drawn = h("iframe", { class: "letter", sandbox: "", title: "The mail as it looks", hidden: true });
  const choose = h("div", { class: "tools", role: "group", "aria-label": "Show the mail" }, button("Text", text), button("As it looks", drawn));
  const dialog = openDialog({ title: mail.subject || "Mail", wide: true, body: [facts([["To", mail.to], ["Written", when(mail.time)]]), choose, text, drawn] });
  dialog.classList.add("mail");
  mark(text);

  /** @param {string} words @param {HTMLElement} shown */
  function button(words, shown) {
    return h("button", { type: "button", onclick: () => mark(shown) }, words);
  }

  /** @param {HTMLElement} shown */
  function mark(shown) {
    const parts = [text, drawn];
    parts.forEach((part, at) => {
      part.hidden = part !== shown;
      choose.children[at].setAttribute("aria-pressed", String(part === shown));
    });
    if (shown === drawn) drawn.src ||= `/admin/mails/${encodeURIComponent(name)}`;
  }
}
