/** The key of a bot of one's own: seen, copied, replaced. */

import { post } from "../base/api.js";
import { h } from "../base/dom.js";
import { copied } from "../parts/copied.js";
import { confirm, openDialog } from "../parts/dialog.js";
import { failed } from "../parts/toast.js";
import { saveZuliprc } from "./zuliprc.js";

/** @typedef {import("../state/bots.js").Bot} Bot */

/** @param {Bot} bot */
export function openBotKey(bot) {
  const renew = h("button", { type: "button", class: "danger", onclick: () => regenerate(bot, dialog).catch(failed) }, "New key…");
  const file = h("button", { type: "button", class: "primary", onclick: () => saveZuliprc(bot.email, bot.api_key) }, "Download zuliprc");
  const tokens = (bot.services ?? []).map((/** @type {{token: string}} */ { token }) => copied("Token of its calls", token, "By it the address that is called knows us."));
  const dialog = openDialog({ title: `The key of ${bot.full_name}`, body: [copied("Address", bot.email), copied("Key", bot.api_key), ...tokens], actions: [renew, file] });
}

/** @param {Bot} bot @param {HTMLDialogElement} dialog that has the old one */
async function regenerate(bot, dialog) {
  const text = "Programs that have the key so far can do nothing any more.";
  if (!(await confirm({ title: "Make a new key?", text, action: "Make a new key", danger: true }))) return;
  const { api_key: key } = await post(`/bots/${bot.user_id}/api_key/regenerate`);
  dialog.close();
  openBotKey({ ...bot, api_key: key });
}
