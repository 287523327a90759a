/** Signing in: address, password, key, browsers; what others may see; leaving. */

import { patch, remove } from "../base/api.js";
import { watch } from "../base/changes.js";
import { h } from "../base/dom.js";
import { confirm } from "../parts/dialog.js";
import { field } from "../parts/field.js";
import { openForm } from "../parts/form.js";
import { failed, toast } from "../parts/toast.js";
import * as me from "../state/me.js";
import { realm } from "../state/told.js";
import { openKey } from "./api_key.js";
import { line } from "./line.js";
import { drawSessions } from "./sessions.js";
import { showSettings } from "./setting.js";

export const PRIVACY = [
  {
    title: "Privacy",
    settings: [
      {
        name: "email_address_visibility",
        label: "Who sees my address",
        options: [
          { value: 1, text: "Everybody" },
          { value: 2, text: "Everybody but guests" },
          { value: 5, text: "Moderators and administrators" },
          { value: 3, text: "Administrators" },
          { value: 4, text: "Nobody" },
        ],
      },
      { name: "presence_enabled", label: "Show others when I am here" },
      { name: "send_read_receipts", label: "Show others what I have read" },
      { name: "send_private_typing_notifications", label: "Show that I am typing, in direct messages" },
      { name: "send_stream_typing_notifications", label: "Show that I am typing, in channels" },
      { name: "receives_typing_notifications", label: "Show me who is typing" },
      { name: "allow_private_data_export", label: "Administrators may export my direct messages and private channels" },
    ],
  },
];

/** @param {HTMLElement} panel */
export function show(panel) {
  const address = h("span", { dir: "auto" });
  const closed = realm("email_changes_disabled") && !me.isAdmin();
  const toAddress = closed ? h("small", null, "Administrators change addresses here.") : deed("Change…", "Change the address", changeAddress);
  panel.append(
    h("h3", null, "Signing in"),
    line("Address", address, toAddress),
    line("Password", "Only you know it.", deed("Change…", "Change the password", changePassword)),
    line("API key", "For other apps and your own programs.", deed("Show…", "Show the API key", openKey)),
  );
  drawSessions(panel);
  const stops = [showSettings(panel, PRIVACY), watch(["me"], draw)];
  panel.append(h("h3", null, "Leave"), h("p", { class: "faint" }, "Your messages stay. An administrator can open your account again."));
  panel.append(h("button", { type: "button", class: "danger", onclick: () => leave().catch(failed) }, "Deactivate my account…"));
  draw();
  return () => stops.forEach((stop) => stop());

  function draw() {
    address.textContent = me.row().delivery_email ?? me.row().email;
  }
}

/** @param {string} text @param {string} label @param {() => void} onclick */
const deed = (text, label, onclick) => h("button", { type: "button", "aria-label": label, onclick }, text);

function changeAddress() {
  const input = h("input", { type: "email", required: true, autocomplete: "email", dir: "auto" });
  openForm({
    title: "Change your address",
    body: [field("New address", input, "We send a mail there. The address changes when you follow its link.")],
    action: "Send the mail",
    run: async () => {
      await patch("/settings", { email: input.value.trim() });
      toast(`Look for a mail at ${input.value.trim()}`);
    },
  });
}

function changePassword() {
  const old = h("input", { type: "password", required: true, autocomplete: "current-password" });
  const fresh = h("input", { type: "password", required: true, autocomplete: "new-password" });
  openForm({
    title: "Change your password",
    body: [field("Password so far", old), field("New password", fresh, "Other browsers are signed out.")],
    action: "Change it",
    run: async () => {
      await patch("/settings", { old_password: old.value, new_password: fresh.value });
      toast("Your password is changed");
    },
  });
}

async function leave() {
  const text = "You are signed out everywhere and get no messages any more, nor do your bots.";
  if (!(await confirm({ title: "Deactivate your account?", text, action: "Deactivate", danger: true }))) return;
  await remove("/users/me");
  location.assign("/");
}
