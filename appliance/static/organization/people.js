/** Everybody in the organization, also who has gone. */

import { post } from "../base/api.js";
import { watch } from "../base/changes.js";
import { h, keyed } from "../base/dom.js";
import { avatar } from "../parts/avatar.js";
import { choice } from "../parts/field.js";
import * as me from "../state/me.js";
import * as presence from "../state/presence.js";
import * as users from "../state/users.js";
import { ago } from "../base/time.js";
import { button, entry, heading } from "./panel.js";
import { editPerson } from "./person.js";

const STEP = 100; // rows that are drawn at once

/** @typedef {import("../state/users.js").User} User */

const KINDS = [
  { value: 0, text: "All roles" },
  { value: users.OWNER, text: "Owners" },
  { value: users.ADMIN, text: "Administrators" },
  { value: users.MODERATOR, text: "Moderators" },
  { value: users.MEMBER, text: "Members" },
  { value: users.GUEST, text: "Guests" },
  { value: -1, text: "Deactivated" },
];

/** @param {HTMLElement} panel */
export function show(panel) {
  const words = h("input", {
    type: "search",
    placeholder: "Find by name or address",
    "aria-label": "Find by name or address",
    dir: "auto",
    oninput: () => begin(),
  });
  let kind = 0;
  const kinds = choice(KINDS, kind, (value) => ((kind = value), begin()));
  kinds.setAttribute("aria-label", "Role");
  const number = h("p", { class: "faint", role: "status" });
  const list = h("ul", { class: "entries", "aria-label": "People" });
  const more = button("Show more", () => ((most += STEP), draw()));
  let most = STEP;
  panel.append(heading("People", ...invite()), h("div", { class: "filters" }, words, kinds), number, list, more);
  draw();
  return watch(["users", "presence", "me"], draw);

  function begin() {
    most = STEP;
    draw();
  }

  function draw() {
    const found = users.all().filter((each) => !each.is_bot && ofKind(each, kind) && fits(each, words.value));
    number.textContent = `${found.length} ${found.length === 1 ? "person" : "people"}`;
    keyed(list, found.slice(0, most), (each) => JSON.stringify([each, seen(each)]), row);
    more.hidden = found.length <= most;
  }
}

/** @returns {Node[]} */
const invite = () => (me.may("can_invite_users_group") ? [h("a", { class: "button", href: "#organization/invitations" }, "Invite people")] : []);

/** @param {User} user @param {number} kind */
const ofKind = (user, kind) => (kind === -1 ? !user.is_active : user.is_active && (kind === 0 || user.role === kind));

/** @param {User} user @param {string} words */
const fits = (user, words) => users.plain(`${user.full_name} ${address(user)}`).includes(users.plain(words.trim()));

/** @param {User} user */
const address = (user) => user.delivery_email ?? "";

/** @param {User} user */
function seen(user) {
  const last = presence.lastSeen(user.user_id);
  return last ? `here ${ago(last / 1000)}` : "";
}

/** @param {User} user */
function row(user) {
  const own = user.user_id === me.id();
  return entry({
    picture: avatar(user.user_id, 36),
    title: h("a", { class: "plain-link", href: `#user/${user.user_id}` }, user.full_name),
    tags: [users.role(user.user_id) !== "Member" && users.role(user.user_id), own && "You", !user.is_active && "Deactivated"],
    detail: [address(user), seen(user)].filter(Boolean).join(" · "),
    actions: [manage(user)],
  });
}

/** @param {User} user @returns {HTMLElement | false} */
function manage(user) {
  if (!me.isAdmin()) return false;
  if (!user.is_active) return button("Reactivate", () => post(`/users/${user.user_id}/reactivate`));
  const made = button("Manage", () => editPerson(user.user_id));
  made.setAttribute("aria-label", `Manage ${user.full_name}`);
  return made;
}
