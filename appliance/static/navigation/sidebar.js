/** The column at the left: views, direct messages, channels and their topics. */

import { watch } from "../base/changes.js";
import { fill, h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { realm } from "../state/told.js";
import { channelList } from "./channel_list.js";
import { directMessages } from "./directs.js";
import * as drawer from "./drawer.js";
import { filterField } from "./filter_field.js";
import { viewLinks } from "./views.js";

const USUAL = "/static/icon.png"; // of an organization that has uploaded none
const SMALL = new URL("../icon-192.png", import.meta.url).href; // the same, which the browser has as the tab's

let field = /** @type {HTMLInputElement} */ (null);

/** @param {HTMLElement} root */
export function mount(root) {
  const views = viewLinks();
  const directs = directMessages();
  const channels = channelList();
  const lists = h("div", { class: "sidebar-lists" }, views, directs.element, channels.element);
  const first = () => /** @type {HTMLElement | null} */ (lists.querySelector("section:not([hidden]) .row-link"));
  field = filterField({ label: "Find channels and people", id: "channel-filter", first, onchange: sought });
  fill(root, heading(), h("div", { class: "sidebar-filter" }, field), lists);

  /** @param {string} text */
  function sought(text) {
    const wanted = text.toLowerCase();
    views.hidden = wanted !== "";
    directs.filter(wanted);
    channels.filter(wanted);
  }
}

/** For the shortcut. */
export function find() {
  if (matchMedia("(max-width: 48rem)").matches && !drawer.isOpen()) drawer.toggle("sidebar");
  field.focus();
  field.select();
}

function heading() {
  const name = h("a", { class: "realm", href: "#", dir: "auto" });
  const draw = () => fill(name, h("img", { src: realm("icon_url").endsWith(USUAL) ? SMALL : realm("icon_url"), alt: "", width: 24, height: 24 }), h("span", null, realm("name")));
  watch(["told"], draw);
  draw();
  const close = h("button", { type: "button", class: "icon-button only-narrow", "aria-label": "Close", onclick: drawer.close }, icon("close"));
  return h("div", { class: "sidebar-head" }, name, close);
}
