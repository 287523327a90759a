/** Where one hears of messages: this browser, phones, addresses of one's own. */

import { get, remove } from "../base/api.js";
import { watch } from "../base/changes.js";
import { fill, h } from "../base/dom.js";
import { ago } from "../base/time.js";
import { deviceId, turnOff } from "../notices/push.js";
import { failed } from "../parts/toast.js";
import { drawAddressForm } from "./own_address.js";
import { test } from "./push_test.js";
import { save } from "./saving.js";
import { drawThisBrowser } from "./this_browser.js";

/** @typedef {{id: number, kind: string, label: string, created: number, last_used: number, error: string | null}} Device */
/** @typedef {{device_id: number, form: string, url: string, encrypted: boolean}} Address */

/** @type {Record<string, string>} */
const KINDS = { apns: "iPhone or iPad", fcm: "Android phone", e2ee: "Phone, encrypted", web: "Browser", ntfy: "Own address" };

/** @param {HTMLElement} panel */
export function show(panel) {
  const here = h("section", { "aria-label": "This browser" });
  const list = h("ul", { class: "settings-list", "aria-label": "Devices" });
  const none = h("p", { class: "empty", hidden: true }, "No device gets pushes yet.");
  const refresh = () => draw().catch(failed);
  const phones = h("p", { class: "faint" }, "A phone comes here by itself when you sign in with Zulip's app and allow it notifications.");
  panel.append(here, h("h3", null, "All that gets pushes"), list, none, phones);
  const stops = [drawThisBrowser(here), watch(["push_devices", "pushes"], refresh)];
  drawAddressForm(panel, refresh);
  refresh();
  return () => stops.forEach((stop) => stop());

  async function draw() {
    const [{ devices }, { addresses }] = await Promise.all([get("/appliance/devices"), get("/appliance/ntfy")]);
    fill(list, devices.map((/** @type {Device} */ each) => row(each, addresses, refresh)));
    none.hidden = devices.length > 0;
  }
}

/** @param {Device} device @param {Address[]} addresses @param {() => void} refresh */
function row(device, addresses, refresh) {
  const name = named(device, addresses);
  const isThis = device.id === deviceId();
  const drop = async () => (await save(() => (isThis ? turnOff() : remove(`/appliance/devices/${device.id}`)))) && refresh();
  const used = h("small", { class: "settings-under" }, `${KINDS[device.kind]} · since ${ago(device.created)}, used ${ago(device.last_used)}`);
  const mark = isThis && h("span", { class: "tag" }, "this browser");
  const trouble = device.error && h("small", { class: "error-text settings-under" }, device.error);
  return h(
    "li",
    null,
    h("div", null, h("bdi", null, name), mark, used, trouble),
    h("button", { type: "button", "aria-label": `Test ${name}`, onclick: () => test(device.id).then(refresh) }, "Test"),
    h("button", { type: "button", "aria-label": `Remove ${name}`, onclick: drop }, "Remove"),
  );
}

/** @param {Device} device @param {Address[]} addresses which are known by a hint of them */
function named(device, addresses) {
  const own = addresses.find((each) => each.device_id === device.id);
  return own ? own.url : device.label;
}
