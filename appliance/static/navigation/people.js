/** What the column at the right has: who is here, and who is in what is open. */

import { watch } from "../base/changes.js";
import { fill, h, keyed } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { avatar } from "../parts/avatar.js";
import { openPerson } from "../parts/person.js";
import { dot, presenceOf } from "../parts/presence.js";
import * as conversations from "../state/conversations.js";
import * as destinations from "../state/destination.js";
import * as emoji from "../state/emoji.js";
import * as me from "../state/me.js";
import * as muted from "../state/muted.js";
import * as statuses from "../state/statuses.js";
import { realm } from "../state/told.js";
import * as unread from "../state/unread.js";
import * as users from "../state/users.js";
import { calm } from "./calm.js";
import * as drawer from "./drawer.js";
import { filterField } from "./filter_field.js";
import * as here from "./here.js";
import { badge, rowButton } from "./row.js";

const MOST = 150; // lines; the field finds the others
const MOST_HERE = 20; // who take part in what is open
/** @type {Record<string, number>} */
const ORDER = { active: 0, idle: 1, offline: 2 };

/** @typedef {users.User} User */

let field = /** @type {HTMLInputElement} */ (null);

/** @param {HTMLElement} root */
export function fillColumn(root) {
  const part = [group("In this conversation"), group("People")];
  const rest = h("p", { class: "sidebar-note" });
  const draw = () => drawAll(part, rest);
  const first = () => /** @type {HTMLElement | null} */ (root.querySelector("section:not([hidden]) .row-link"));
  field = filterField({ label: "Find people", first, onchange: draw });
  watch(["place", "users", "presence", "statuses", "conversations", "unread", "muted"], calm(draw, 500));
  const close = h("button", { type: "button", class: "icon-button only-middle", "aria-label": "Close", onclick: drawer.close }, icon("close"));
  fill(root, h("div", { class: "sidebar-filter" }, field, close), part.map(({ element }) => element), rest, inviteLink());
  draw();
}

export function focus() {
  field.focus();
  field.select();
}

/** @param {string} title */
function group(title) {
  const list = h("ul", { class: "rows" });
  const element = h("section", { class: "section", "aria-label": title }, h("h2", { class: "section-head" }, h("span", { class: "section-title" }, title)), list);
  return { element, list };
}

/** @param {ReturnType<typeof group>[]} parts @param {HTMLElement} rest */
function drawAll([here, others], rest) {
  const text = field.value.trim();
  const taking = text ? [] : participants();
  const all = text ? users.search(text, MOST, { bots: false }) : [...users.people()].sort(byPresence);
  const wanted = all.filter(({ user_id: id }) => !muted.isMuted(id));
  drawGroup(here, taking);
  drawGroup(others, wanted.slice(0, MOST));
  const left = wanted.length - MOST;
  rest.textContent = left > 0 ? `And ${left} more: type a name.` : wanted.length ? "" : "Nobody is called that.";
}

/** @param {ReturnType<typeof group>} part @param {User[]} people */
function drawGroup({ element, list }, people) {
  element.hidden = people.length === 0;
  keyed(list, people, ({ user_id }) => user_id, make, update);
}

/** Who has written in the topic that is open lately, or is in the group. @returns {User[]} */
function participants() {
  const open = here.destination();
  if (!open) return [];
  if (open.type === "direct") return open.user_ids.length > 1 ? [...open.user_ids, me.id()].map(users.get) : [];
  const key = destinations.key(open);
  const found = conversations.recent(Infinity).find((each) => each.key === key);
  return (found?.participants ?? []).slice(0, MOST_HERE).map(users.get).filter(({ is_active }) => is_active);
}

/** Oneself first, then who is here; each by name, as they come. @param {User} one @param {User} other */
function byPresence(one, other) {
  return rank(one) - rank(other);
}

/** @param {User} user */
const rank = ({ user_id: id }) => (id === me.id() ? -1 : realm("presence_disabled") ? 0 : ORDER[presenceOf(id)]);

/** @param {User} user */
function make(user) {
  const id = user.user_id;
  const link = h("a", { class: "row-link" });
  const card = rowButton("person", `About ${user.full_name}`, (button) => openPerson(button, id));
  const item = h("li", { class: "person" }, h("div", { class: "row" }, link, card));
  update(item, user);
  return item;
}

/** @param {HTMLElement & {drawn?: string}} item @param {User} user */
function update(item, { user_id: id, full_name: name }) {
  const status = statuses.of(id);
  const count = unread.ofDirect([id]);
  const state = presenceOf(id);
  const drawn = JSON.stringify([name, users.picture(id), status, count, state]);
  if (item.drawn === drawn) return;
  item.drawn = drawn;
  const link = item.querySelector("a");
  link.href = destinations.hash({ type: "direct", user_ids: id === me.id() ? [] : [id] });
  fill(
    link,
    h("span", { class: "small-face" }, avatar(id, 24), dot(state)),
    h("span", { class: "row-text", dir: "auto" }, name, id === me.id() && h("span", { class: "faint" }, " (you)")),
    status && h("span", { class: "person-status", title: status.status_text }, status.emoji_name ? emoji.show(/** @type {any} */ (status)) : icon("quote")),
    badge(count),
  );
}

function inviteLink() {
  const link = h("a", { class: "button invite", href: "#organization/invitations" }, icon("plus"), "Invite people");
  const draw = () => (link.hidden = !me.may("can_invite_users_group"));
  watch(["told", "groups", "me"], draw);
  draw();
  return link;
}
