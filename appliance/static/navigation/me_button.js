/** One's own picture in the bar: a menu is behind it. */

import { watch } from "../base/changes.js";
import { fill, h } from "../base/dom.js";
import { avatar } from "../parts/avatar.js";
import { dot, presenceOf } from "../parts/presence.js";
import * as me from "../state/me.js";
import { ownMenu } from "./menus.js";

/** @returns {HTMLElement} */
export function meButton() {
  const button = h("button", { type: "button", class: "icon-button me", "aria-label": "You, settings and more", "aria-haspopup": "menu", onclick: () => ownMenu(button) });
  const draw = () => fill(button, avatar(me.id(), 28), dot(presenceOf(me.id())));
  watch(["users", "me", "presence"], draw);
  draw();
  return button;
}
