/** All bots. Administrators manage them all, others their own: those are made in one's settings. */

import { post, remove } from "../base/api.js";
import { h } from "../base/dom.js";
import { avatar } from "../parts/avatar.js";
import { kindOf } from "../parts/bot_kind.js";
import { confirm } from "../parts/dialog.js";
import * as bots from "../state/bots.js";
import * as me from "../state/me.js";
import * as users from "../state/users.js";
import { button, entry, explanation, heading, iconButton, liveList } from "./panel.js";

/** @typedef {import("../state/users.js").User} User */

/** @param {HTMLElement} panel */
export function show(panel) {
  panel.append(heading("Bots", h("a", { class: "button", href: "#settings/bots" }, "Your bots")));
  panel.append(explanation("Bots are programs that take part. You make your own in your settings."));
  return liveList(panel, { label: "Bots", subjects: ["users", "bots"], rows: known, make: row, empty: "There are no bots yet." }).stop;
}

const known = () => users.all().filter((each) => each.is_bot && !each.is_system_bot);

/** @param {User} bot */
function row(bot) {
  const owner = bot.bot_owner_id ? `of ${users.name(bot.bot_owner_id)}` : "";
  return entry({
    picture: avatar(bot.user_id, 36),
    title: bot.full_name,
    tags: [kindOf(bot.bot_type), !bot.is_active && "Deactivated"],
    detail: [bot.email, owner].filter(Boolean).join(" · "),
    actions: deeds(bot),
  });
}

/** @param {User} bot */
function deeds(bot) {
  if (!bot.is_active) return me.isAdmin() ? [button("Reactivate", () => post(`/users/${bot.user_id}/reactivate`))] : [];
  if (!me.isAdmin() && bot.bot_owner_id !== me.id()) return [];
  return [iconButton("edit", `Change ${bot.full_name}`, () => edit(bot)), iconButton("bin", `Deactivate ${bot.full_name}`, () => deactivate(bot))];
}

/** As in one's own settings. @param {User} bot */
async function edit(bot) {
  const { openEditBot } = await import("../settings/bot_form.js");
  openEditBot(bots.get(bot.user_id));
}

/** @param {User} bot */
async function deactivate(bot) {
  const text = "It can no longer do anything; what it wrote stays.";
  if (await confirm({ title: `Deactivate ${bot.full_name}?`, text, action: "Deactivate", danger: true })) await remove(`/bots/${bot.user_id}`);
}
