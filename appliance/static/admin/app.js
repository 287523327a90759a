/** The console of administrators: what opens at "/admin". */

import { onSignedOut } from "../base/api.js";
import { watch } from "../base/changes.js";
import { fill, h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import * as clients from "./clients.js";
import * as deadLetters from "./dead_letters.js";
import * as disk from "./disk.js";
import * as jobs from "./jobs.js";
import { lost } from "./live.js";
import * as log from "./log.js";
import * as mails from "./mails.js";
import * as overview from "./overview.js";
import * as pushes from "./pushes.js";
import { latest, MOST_LETTERS, start } from "./samples.js";
import { counted } from "./units.js";

/**
 * `open` fills an empty element, and gives what ends that; `rest`: what the address has after the name.
 * @typedef {{name: string, title: string, icon: string, open: (root: HTMLElement, rest: string[]) => () => void, number?: (now: Record<string, any>) => number}} Section
 */

/** @type {Section[]} */
const SECTIONS = [
  { name: "overview", title: "Overview", icon: "chart", open: overview.open },
  { name: "clients", title: "Clients", icon: "people", open: clients.open },
  { name: "jobs", title: "Jobs", icon: "gear", open: jobs.open },
  { name: "dead", title: "Dead letters", icon: "warn", open: deadLetters.open, number: (now) => now.dead_letters },
  { name: "mails", title: "Mails", icon: "at", open: mails.open },
  { name: "pushes", title: "Pushes", icon: "bell", open: pushes.open },
  { name: "disk", title: "Disk", icon: "download", open: disk.open },
  { name: "log", title: "Log", icon: "clock", open: log.open },
];

const organization = document.title; // as the server names the page
const links = SECTIONS.map((each) => ({ each, number: h("span", { class: "count", hidden: true }), link: h("a", { href: `#${each.name}` }) }));
const trouble = h("p", { class: "trouble", role: "status", hidden: true });
const main = h("main", { id: "main", tabindex: "-1" });
let close = () => {};

for (const { each, number, link } of links) link.append(icon(each.icon), each.title, number);
fill(
  document.body,
  h("header", { id: "top" }, h("h1", null, "Admin console"), h("span", { class: "faint", dir: "auto" }, organization), h("a", { class: "button", href: "/" }, icon("back"), "Back to the chat")),
  h("nav", { id: "sections", "aria-label": "Sections" }, links.map(({ link }) => link)),
  h("div", { id: "content" }, trouble, main),
);

onSignedOut(() => location.assign("/login?next=/admin"));
addEventListener("hashchange", show);
watch(["trouble"], drawTrouble);
watch(["samples"], drawNumbers);
start();
show();
document.documentElement.dataset.ready = "";

/** What the address names. */
function show() {
  const [name, ...rest] = location.hash.slice(1).split("/").map(decodeURIComponent);
  const chosen = SECTIONS.find((each) => each.name === name) ?? SECTIONS[0];
  close();
  main.replaceChildren();
  close = chosen.open(main, rest);
  for (const { each, link } of links) {
    if (each === chosen) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    if (each === chosen) link.scrollIntoView({ block: "nearest", inline: "center" });
  }
  document.title = `${chosen.title} · Admin console · ${organization}`;
  scrollTo(0, 0);
}

function drawTrouble() {
  trouble.textContent = lost();
  trouble.hidden = !lost();
}

function drawNumbers() {
  for (const { each, number } of links) {
    const found = each.number?.(latest()) ?? 0;
    number.textContent = counted(found, MOST_LETTERS);
    number.hidden = !found;
  }
}
