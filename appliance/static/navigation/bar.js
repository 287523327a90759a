/** The bar at the top: what is open, searching, and oneself. */

import { watch } from "../base/changes.js";
import { fill, h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import * as unread from "../state/unread.js";
import { calm } from "./calm.js";
import { connectionNotice } from "./connection_notice.js";
import * as drawer from "./drawer.js";
import { heading } from "./heading.js";
import { meButton } from "./me_button.js";
import { peopleButton } from "./people_column.js";
import { find, searchField } from "./search.js";

/** @param {HTMLElement} root */
export function mount(root) {
  fill(
    root,
    sidebarButton(),
    heading(),
    connectionNotice(),
    searchField(),
    h("button", { type: "button", class: "icon-button only-narrow search-button", "aria-label": "Search", onclick: find }, icon("search")),
    peopleButton(),
    meButton(),
  );
}

/** On narrow screens; it says that there is something new behind it. */
function sidebarButton() {
  const news = h("span", { class: "news-dot", hidden: true }, h("span", { class: "unseen" }, "with unread messages"));
  watch(["unread"], calm(() => (news.hidden = unread.total() === 0)));
  news.hidden = unread.total() === 0;
  return h("button", { type: "button", class: "icon-button only-narrow", "aria-label": "Channels and conversations", onclick: () => drawer.toggle("sidebar") }, icon("menu"), news);
}
