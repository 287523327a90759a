/** One's own bots: programs that take part, with keys of their own. */

import { remove } from "../base/api.js";
import { watch } from "../base/changes.js";
import { fill, h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { avatar } from "../parts/avatar.js";
import { kindOf, mayMake } from "../parts/bot_kind.js";
import { confirm } from "../parts/dialog.js";
import { openMenu } from "../parts/menu.js";
import { failed } from "../parts/toast.js";
import * as bots from "../state/bots.js";
import * as me from "../state/me.js";
import { openEditBot, openNewBot } from "./bot_form.js";
import { openBotKey } from "./bot_key.js";
import { save } from "./saving.js";
import { saveZuliprc } from "./zuliprc.js";

/** @typedef {import("../state/bots.js").Bot} Bot */

/** @param {HTMLElement} panel */
export function show(panel) {
  const list = h("ul", { class: "settings-list", "aria-label": "Your bots" });
  const none = h("p", { class: "empty" }, "You have no bots.");
  const about = h("p", { class: "faint" }, "A bot is an account for a program: it reads and writes by the API with a key of its own.");
  const forbidden = h("p", { class: "faint" }, "You may not make bots in this organization.");
  const make = h("button", { type: "button", class: "primary", onclick: openNewBot }, icon("plus"), "New bot");
  panel.append(about, mayMake() ? make : forbidden, list, none);
  draw();
  return watch(["bots"], draw);

  function draw() {
    const mine = bots.all().filter((each) => each.owner_id === me.id());
    mine.sort((one, other) => Number(other.is_active) - Number(one.is_active) || one.full_name.localeCompare(other.full_name));
    fill(list, mine.map(row));
    none.hidden = mine.length > 0;
  }
}

/** @param {Bot} bot */
function row(bot) {
  const text = h("div", null, h("bdi", null, bot.full_name), h("small", { class: "settings-under" }, `${bot.email} · ${kindOf(bot.bot_type)}`));
  const label = `What to do with ${bot.full_name}`;
  const open = () => openMenu(deeds, items(bot), bot.full_name);
  const deeds = h("button", { type: "button", class: "icon-button", "aria-label": label, "aria-haspopup": "menu", onclick: open }, icon("more"));
  return h("li", null, avatar(bot.user_id, 32), text, bot.is_active ? deeds : h("span", { class: "tag" }, "deactivated"));
}

/** @param {Bot} bot @returns {import("../parts/menu.js").Item[]} */
const items = (bot) => [
  { text: "Show its key", icon: "key", run: () => openBotKey(bot) },
  { text: "Download zuliprc", icon: "download", run: () => saveZuliprc(bot.email, bot.api_key) },
  { text: "Change…", icon: "edit", run: () => openEditBot(bot) },
  "line",
  { text: "Deactivate…", icon: "bin", danger: true, run: () => deactivate(bot).catch(failed) },
];

/** @param {Bot} bot */
async function deactivate(bot) {
  const text = "Its key ends at once. What it has written stays.";
  const agreed = await confirm({ title: `Deactivate ${bot.full_name}?`, text, action: "Deactivate", danger: true });
  if (agreed) await save(() => remove(`/bots/${bot.user_id}`));
}
