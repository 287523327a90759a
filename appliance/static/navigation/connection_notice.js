/** Says when the server does not answer. */

import { watch } from "../base/changes.js";
import { fill, h } from "../base/dom.js";
import * as connection from "../live/connection.js";

const PATIENCE = 2000; // milliseconds: short gaps are nobody's business

/** @returns {HTMLElement} */
export function connectionNotice() {
  const text = h("span", { class: "connection-text", role: "status" });
  const retry = h("button", { type: "button", onclick: () => connection.retryNow(true) }, "Try now");
  const element = h("div", { class: "connection", hidden: true }, text, retry);
  let timer = 0;
  const draw = () => {
    clearTimeout(timer);
    const wait = connection.state() === "online" ? 0 : connection.since() + PATIENCE - Date.now();
    if (wait > 0) timer = setTimeout(show, wait);
    else show();
  };
  const show = () => {
    const state = connection.state();
    element.hidden = state === "online";
    retry.hidden = state === "offline";
    fill(text, { online: "", reconnecting: "Reconnecting…", offline: "No network" }[state]);
  };
  watch(["connection"], draw);
  draw();
  return element;
}
