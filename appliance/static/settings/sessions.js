/** The browsers that one is signed in at. */

import { get, remove } from "../base/api.js";
import { fill, h } from "../base/dom.js";
import { ago, full } from "../base/time.js";
import { failed } from "../parts/toast.js";
import { setting } from "../state/told.js";
import { save } from "./saving.js";

/** @typedef {{id: number, browser: string, created: number, last_used: number, is_current: boolean}} Session */

/** @param {HTMLElement} panel */
export function drawSessions(panel) {
  const list = h("ul", { class: "settings-list", "aria-label": "Browsers that are signed in" });
  const others = h("button", { type: "button", hidden: true, onclick: () => end("/appliance/sessions") }, "Sign out all others");
  panel.append(h("h3", null, "Browsers that are signed in"), list, others);
  const draw = async () => {
    const { sessions } = await get("/appliance/sessions");
    fill(list, sessions.map((/** @type {Session} */ each) => row(each, () => end(`/appliance/sessions/${each.id}`))));
    others.hidden = sessions.length < 2;
  };
  /** @param {string} path */
  const end = async (path) => (await save(() => remove(path))) && draw().catch(failed);
  draw().catch(failed);
}

/** @param {Session} session @param {() => void} end */
function row({ browser, created, last_used: used, is_current: isCurrent }, end) {
  const name = browser || "A browser";
  const deed = isCurrent ? h("span", { class: "tag" }, "this browser") : h("button", { type: "button", "aria-label": `Sign out ${name}`, onclick: end }, "Sign out");
  const when = h("small", { title: full(created, setting("twenty_four_hour_time")) }, `Used ${ago(used)}, signed in ${ago(created)}`);
  return h("li", null, h("div", null, h("div", null, name), when), deed);
}
