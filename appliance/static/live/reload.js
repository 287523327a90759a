/** When the server has become newer, the page is loaded again as soon as that disturbs nobody. */

import { hear } from "./heard.js";

const QUIET = 60_000; // milliseconds without a key or a press
const SPREAD = 10_000; // not all pages at once

let touched = Date.now();

/** From now on. */
export function start() {
  hear("web_reload_client", ({ immediate }) => reload(immediate));
  for (const each of ["keydown", "pointerdown"]) addEventListener(each, () => (touched = Date.now()), { passive: true, capture: true });
}

/** @param {boolean} immediate */
async function reload(immediate) {
  await sleep(Math.random() * SPREAD);
  if (!(await isNewer())) return;
  while (!immediate && !document.hidden && Date.now() - touched < QUIET) await sleep(QUIET / 10);
  location.reload();
}

/** Are there other modules than those that run here? Their address has a digest of them. */
async function isNewer() {
  const response = await fetch(location.pathname, { credentials: "same-origin" }).catch(() => ({ ok: false, text: async () => "" }));
  const running = new URL("../", import.meta.url).pathname;
  return response.ok && !(await response.text()).includes(running);
}

/** @param {number} milliseconds */
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
