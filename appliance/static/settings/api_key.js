/** One's own API key, for who can say the password. */

import { post } from "../base/api.js";
import { h } from "../base/dom.js";
import { copied } from "../parts/copied.js";
import { confirm, openDialog } from "../parts/dialog.js";
import { field } from "../parts/field.js";
import { openForm } from "../parts/form.js";
import { failed } from "../parts/toast.js";
import * as me from "../state/me.js";
import { saveZuliprc } from "./zuliprc.js";

export function openKey() {
  const password = h("input", { type: "password", required: true, autocomplete: "current-password" });
  openForm({
    title: "Your API key",
    body: [h("p", null, "Who has this key can read and write all that you can."), field("Your password", password)],
    action: "Show the key",
    run: async () => {
      const { api_key: key, email } = await post("/fetch_api_key", { username: me.row().delivery_email ?? me.row().email, password: password.value });
      showKey(email, key);
    },
  });
}

/** @param {string} email @param {string} key */
function showKey(email, key) {
  const renew = h("button", { type: "button", class: "danger", onclick: () => regenerate(email, dialog).catch(failed) }, "New key…");
  const file = h("button", { type: "button", class: "primary", onclick: () => saveZuliprc(email, key) }, "Download zuliprc");
  const about = h("p", { class: "faint" }, "zuliprc is the file that Zulip's terminal app and programs read.");
  const dialog = openDialog({ title: "Your API key", body: [copied("Key", key), about], actions: [renew, file] });
}

/** @param {string} email @param {HTMLDialogElement} dialog that has the old one */
async function regenerate(email, dialog) {
  const text = "The key so far ends at once. Apps and programs that have it, and all other browsers, are signed out, and phones get no more pushes.";
  if (!(await confirm({ title: "Make a new key?", text, action: "Make a new key", danger: true }))) return;
  const { api_key: key } = await post("/users/me/api_key/regenerate");
  dialog.close();
  showKey(email, key);
}
