/** The file zuliprc, with which programs sign in. */

import { h } from "../base/dom.js";
import { told } from "../state/told.js";

/** Have the browser save it. @param {string} email @param {string} key */
export function saveZuliprc(email, key) {
  const text = `[api]\nemail=${email}\nkey=${key}\nsite=${told("realm_url") ?? location.origin}\n`;
  const address = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
  h("a", { href: address, download: "zuliprc" }).click();
  setTimeout(() => URL.revokeObjectURL(address)); // the browser has begun by then
}
