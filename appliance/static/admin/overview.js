/** Health at a glance: what is not as it should be, and how much goes on. */

import { watch } from "../base/changes.js";
import { fill, h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { chart } from "./chart.js";
import { follow } from "./live.js";
import { facts, mark, panel } from "./panel.js";
import { latest, MOST_LETTERS, rates, values } from "./samples.js";
import { count, counted, percent, rate, several, size, span, when } from "./units.js";

/** @typedef {{name: string, level: "ok" | "warning" | "error", text: string}} Finding */

const EVERY = 15; // seconds between two looks for findings
const ORDER = ["error", "warning", "ok"];

/** @param {HTMLElement} root @returns {() => void} */
export function open(root) {
  const findings = h("div");
  const about = h("div");
  const charts = drawnCharts();
  fill(root, panel("How the server does", findings), panel("Activity", h("div", { class: "charts" }, charts.map(({ element }) => element))), panel("Figures", about));
  const draw = () => {
    if (!latest()) return;
    for (const each of charts) each.draw();
    fill(about, figures(latest()));
  };
  const unwatch = watch(["samples"], draw);
  draw();
  const checks = follow("findings", EVERY, (answer) => fill(findings, judged(answer.findings)));
  return () => (unwatch(), checks.stop());
}

function drawnCharts() {
  const made = /** @type {[ReturnType<typeof chart>, () => import("./samples.js").Point[]][]} */ ([
    [chart("Requests", rate, 1), () => rates("requests", "polls")],
    [chart("Events to clients", rate, 1), () => rates("events")],
    [chart("Background jobs", rate, 1), () => rates("jobs")],
    [chart("Processor", percent, 0.1), () => rates("cpu_seconds")],
    [chart("Memory", size), () => values("memory")],
    [chart("Waiting clients", count, 10), () => values("waiting_clients")],
  ]);
  return made.map(([drawing, points]) => ({ element: drawing.element, draw: () => drawing.draw(points()) }));
}

/** @param {Finding[]} found */
function judged(found) {
  const bad = found.filter(({ level }) => level !== "ok").sort((one, other) => ORDER.indexOf(one.level) - ORDER.indexOf(other.level));
  const good = found.filter(({ level }) => level === "ok");
  return [
    bad.length ? h("ul", { class: "findings" }, bad.map(row)) : h("p", { class: "well" }, icon("check"), "All is well."),
    h("details", { class: "fine" }, h("summary", null, `${several(good.length, "check is", "checks are")} fine`), h("ul", { class: "findings" }, good.map(row))),
  ];
}

const WORDS = { ok: "Fine", warning: "Warning", error: "Error" };
/** Where there is more about a finding, by the first word of its name. @type {Record<string, string>} */
const SECTIONS = { jobs: "#jobs", mail: "#mails", disk: "#disk", push: "#pushes", outside: "#log" };

/** @param {Finding} finding */
function row({ name, level, text }) {
  const section = SECTIONS[name.split(" ")[0]];
  const title = h("strong", null, section ? h("a", { href: section }, name) : name);
  return h("li", null, mark(level, WORDS[level]), h("span", null, title, " ", words(text)));
}

/** Commands stand in backticks. @param {string} text */
const words = (text) => text.split("`").map((each, at) => (at % 2 ? h("code", null, each) : each));

/** @param {Record<string, any>} now */
function figures(now) {
  return facts([
    ["Version", `${now.version}, speaks the API of Zulip ${now.zulip_version} (level ${now.zulip_feature_level})`],
    ["Running for", [span(now.time - now.started), ", since ", when(now.started)]],
    ["Clients", `${count(now.event_queues)}, of which ${count(now.waiting_clients)} wait for events`],
    ["Jobs", `${count(now.waiting_jobs)} wait; dead letters: ${counted(now.dead_letters, MOST_LETTERS)}`],
    ["Database", size(now.database_bytes)],
    ["Uploaded files", size(now.uploads_bytes)],
    ["Disk", `${size(now.disk_free)} of ${size(now.disk_total)} free`],
    ["Memory", size(now.memory)],
    ["Processor", `${span(now.cpu_seconds)} used, ${several(now.cores, "core")}`],
    ["Writes", `${count(now.writes)} in ${several(now.flushes, "flush", "flushes")} to the disk`],
  ]);
}
