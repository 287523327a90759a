/** Somebody's card: who they are, and what one can do with them. */

import { post, remove } from "../base/api.js";
import { watch } from "../base/changes.js";
import { fill, h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { style } from "../base/style.js";
import { ago } from "../base/time.js";
import * as destinations from "../state/destination.js";
import * as emoji from "../state/emoji.js";
import * as me from "../state/me.js";
import * as muted from "../state/muted.js";
import * as presence from "../state/presence.js";
import * as profile_fields from "../state/profile_fields.js";
import * as statuses from "../state/statuses.js";
import { setting } from "../state/told.js";
import * as users from "../state/users.js";
import { openBeside } from "./menu.js";
import { dot, presenceOf } from "./presence.js";
import { failed } from "./toast.js";

await style("card");

/** Beside what was pressed. @param {Element} anchor @param {number} userId */
export function openCard(anchor, userId) {
  const box = h("div", { class: "popover card", role: "dialog", "aria-label": users.name(userId), tabindex: "-1" });
  const stop = keepCard(box, userId);
  box.addEventListener("toggle", (event) => /** @type {ToggleEvent} */ (event).newState === "closed" && stop());
  box.addEventListener("click", (event) => /** @type {Element} */ (event.target).closest("a") && box.hidePopover());
  openBeside(anchor, box);
  box.focus();
}

/** Fills an element with somebody's card, and keeps it right. @param {HTMLElement} box @param {number} userId @returns {() => void} stops that */
export function keepCard(box, userId) {
  const draw = () => fill(box, head(userId), facts(userId), deeds(userId));
  draw();
  return watch(["users", "presence", "statuses", "muted", "profile_fields"], draw);
}

/** @param {number} userId */
function head(userId) {
  const user = users.get(userId);
  const tags = [users.role(userId), !user.is_active && "Deactivated", userId === me.id() && "You"].filter(Boolean);
  const picture = h("img", { class: "avatar", src: users.picture(userId, true), alt: "", width: 72, height: 72 });
  return h("div", { class: "card-head" }, picture, h("div", null, h("strong", { class: "card-name", dir: "auto" }, user.full_name), h("div", null, tags.map((each) => h("span", { class: "tag" }, each))), status(userId)));
}

/** @param {number} userId */
function status(userId) {
  const said = statuses.of(userId);
  return said && h("div", { class: "card-status", dir: "auto" }, said.emoji_name && emoji.show(/** @type {any} */ (said)), " ", said.status_text);
}

/** @param {number} userId */
function facts(userId) {
  const user = users.get(userId);
  const rows = [...(user.is_bot ? ofBot(user) : ofHuman(user)), ...profile_fields.all().map((each) => [each.name, answer(each, user)])];
  return h("dl", { class: "card-facts" }, rows.flatMap(([name, value]) => (value ? [h("dt", null, name), h("dd", { dir: "auto" }, value)] : [])));
}

/** @param {users.User} user @returns {(string | Node)[][]} */
function ofHuman(user) {
  const state = presenceOf(user.user_id);
  const seen = presence.lastSeen(user.user_id);
  const here = { active: "Active now", idle: `Idle, last active ${ago(seen / 1000)}`, offline: seen ? `Last active ${ago(seen / 1000)}` : "" }[state];
  const email = user.delivery_email;
  return [
    ["Presence", here && h("span", null, dot(state), ` ${here}`)],
    ["Mail", email && h("a", { href: `mailto:${email}` }, email)],
    ["Local time", localTime(user.timezone)],
    ["Joined", user.date_joined && new Date(user.date_joined).toLocaleDateString()],
  ];
}

/** @param {users.User} user */
const ofBot = (user) => [["Owner", user.bot_owner_id ? users.name(user.bot_owner_id) : ""]];

/** @param {string} timeZone */
function localTime(timeZone) {
  try {
    const format = new Intl.DateTimeFormat(undefined, { timeZone, hour: "numeric", minute: "2-digit", hour12: !setting("twenty_four_hour_time") });
    return timeZone && format.format();
  } catch {
    return ""; // a zone that this browser does not know
  }
}

/** What somebody has said in a field. @param {profile_fields.ProfileField} field @param {users.User} user @returns {string | Node} */
function answer(field, user) {
  const value = user.profile_data?.[field.id]?.value;
  if (!value) return "";
  if (field.type === profile_fields.CHOICE) return JSON.parse(field.field_data)[value]?.text ?? value;
  if (field.type === profile_fields.LINK) return /^https?:/i.test(value) ? h("a", { href: value, target: "_blank", rel: "noopener noreferrer" }, value) : value;
  if (field.type === profile_fields.PEOPLE) return JSON.parse(value).map(users.name).join(", ");
  return value;
}

/** @param {number} userId */
function deeds(userId) {
  const own = userId === me.id();
  const talk = destinations.hash({ type: "direct", user_ids: own ? [] : [userId] });
  return h(
    "div",
    { class: "card-deeds" },
    users.get(userId).is_active && link(talk, "edit", own ? "Notes to yourself" : "Direct messages"),
    link(`#narrow/sender/${userId}`, "search", own ? "Messages you have sent" : "Messages they have sent"),
    own && link("#settings/profile", "gear", "Edit your profile"),
    !own && me.isAdmin() && link(`#organization/people/${userId}`, "gear", "Manage this person"),
    !own && muteButton(userId),
  );
}

/** @param {string} href @param {string} name @param {string} text */
const link = (href, name, text) => h("a", { class: "card-deed", href }, icon(name), text);

/** @param {number} userId */
function muteButton(userId) {
  const now = muted.isMuted(userId);
  const run = () => (now ? remove : post)(`/users/me/muted_users/${userId}`).catch(failed);
  return h("button", { type: "button", class: "card-deed", onclick: run }, icon(now ? "bell" : "mute"), now ? "Unmute this person" : "Mute this person");
}
