/** Direct messages, in the left column: those with something unread, and the newest. */

import { watch } from "../base/changes.js";
import { h, keyed } from "../base/dom.js";
import { icon } from "../base/icon.js";
import * as compose from "../compose/compose.js";
import { avatar } from "../parts/avatar.js";
import { dot, presenceOf } from "../parts/presence.js";
import * as conversations from "../state/conversations.js";
import * as destinations from "../state/destination.js";
import * as me from "../state/me.js";
import * as muted from "../state/muted.js";
import * as unread from "../state/unread.js";
import * as users from "../state/users.js";
import { calm } from "./calm.js";
import * as here from "./here.js";
import { badge, drawRow, makeRow, rowButton } from "./row.js";
import { makeSection } from "./section.js";

const FEW = 7;
const MANY = 60;

/** @typedef {{user_ids: number[], count: number}} Direct */

/** @returns {{element: HTMLElement, filter: (text: string) => void}} */
export function directMessages() {
  const list = h("ul", { class: "rows" });
  const more = h("button", { type: "button", class: "row-more" });
  const folder = h("div", null, list, more);
  const begin = rowButton("plus", "New direct message", () => compose.open({ destination: null, kind: "direct" }));
  const section = makeSection({ name: "directs", title: "Direct messages", list: folder, buttons: [begin] });
  let [all, sought] = [false, ""];

  more.addEventListener("click", () => {
    all = !all;
    draw();
  });

  function draw() {
    if (sought) section.show(true);
    else section.restore();
    const found = listed(sought);
    const shown = found.slice(0, all || sought ? MANY : few(found));
    keyed(list, shown, ({ user_ids }) => user_ids.join(), make, (item, direct) => drawRow(item, line(direct)));
    more.hidden = Boolean(sought) || found.length <= few(found);
    more.textContent = all ? "Show fewer" : `Show all ${Math.min(found.length, MANY)}`;
    section.element.hidden = Boolean(sought) && !shown.length;
    section.news.replaceChildren(...(section.isOpen() ? [] : [badge(found.reduce((sum, each) => sum + each.count, 0)) ?? ""]));
  }
  watch(["place", "unread", "conversations", "users", "presence", "muted"], calm(draw));
  draw();
  return {
    element: section.element,
    filter(text) {
      sought = text;
      draw();
    },
  };
}

/** With something unread first; the one that is open is there in any case. @param {string} sought @returns {Direct[]} */
function listed(sought) {
  const known = new Map(conversations.directs().map(({ user_ids }) => [user_ids.join(), user_ids]));
  for (const { user_ids } of unread.directs()) known.set(user_ids.join(), user_ids);
  const open = here.destination();
  if (open?.type === "direct") known.set(open.user_ids.join(), open.user_ids);
  const directs = [...known.values()].filter((ids) => !ids.some(muted.isMuted)).map((user_ids) => ({ user_ids, count: unread.ofDirect(user_ids) }));
  const wanted = sought ? directs.filter(({ user_ids }) => name(user_ids).toLowerCase().includes(sought)) : directs;
  return [...wanted.filter(({ count }) => count), ...wanted.filter(({ count }) => !count)];
}

/** How many are shown without being asked: all that are unread, and the one that is open. @param {Direct[]} directs */
function few(directs) {
  const wanted = directs.filter((direct) => direct.count || isOpen(direct)).length;
  return Math.max(FEW, wanted);
}

/** @param {Direct} direct */
const isOpen = (direct) => destinations.same(here.destination(), destination(direct.user_ids));

/** @param {number[]} user_ids @returns {import("./here.js").Destination} */
const destination = (user_ids) => ({ type: "direct", user_ids });

/** @param {number[]} userIds */
const name = (userIds) => userIds.map(users.name).join(", ") || `${users.name(me.id())} (you)`;

/** @param {Direct} direct @returns {import("./row.js").Line} */
function line(direct) {
  const [one = me.id(), ...others] = direct.user_ids;
  return {
    href: destinations.hash(destination(direct.user_ids)),
    text: name(direct.user_ids),
    lead: others.length ? "" : `${one} ${presenceOf(one)} ${users.picture(one)}`,
    count: direct.count,
    current: isOpen(direct),
  };
}

/** @param {Direct} direct */
const make = (direct) => makeRow(line(direct), { lead, class: "direct" });

/** @param {string} text of `line` */
function lead(text) {
  if (!text) return icon("people");
  const [userId, state] = text.split(" ");
  return h("span", { class: "small-face" }, avatar(Number(userId), 20), dot(state));
}
