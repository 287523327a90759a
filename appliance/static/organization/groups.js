/** Groups of people: the dialog of "#groups/…". */

import { h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { style } from "../base/style.js";
import { openSheet } from "../parts/sheet.js";
import * as groups from "../state/groups.js";
import * as me from "../state/me.js";
import { directory } from "./directory.js";
import { join, leave } from "./group_joining.js";
import { may } from "./group_rights.js";
import { explanation, iconButton } from "./panel.js";

/** @typedef {import("../base/place.js").Place} Place */
/** @typedef {import("./group_rights.js").Group} Group */

/** By the names of kinds in addresses. @type {Record<string, (group: Group) => boolean>} */
const OF_KIND = {
  all: (each) => !each.deactivated && !UNSHOWN.includes(each.name),
  your: (each) => !each.deactivated && each.members.includes(me.id()),
  deactivated: (each) => each.deactivated,
};

/** Nobody is in these, or everybody and others, too. */
const UNSHOWN = ["role:internet", "role:nobody"];

const KINDS = [
  { name: "all", text: "All" },
  { name: "your", text: "Yours" },
  { name: "deactivated", text: "Deactivated" },
];

/** @param {Place} place */
export async function open(place) {
  await style("organization");
  const list = directory({
    label: "Groups",
    place: "groups",
    kinds: KINDS,
    add: me.may("can_create_groups") && h("a", { class: "button primary", href: "#groups/new" }, icon("plus"), "New group"),
    rows: (kind) => inOrder(groups.all().filter(OF_KIND[kind])).map(shown),
    idOf: (row) => row.id,
    picture: () => icon("people"),
    action,
    subjects: ["groups", "me", "told"],
  });
  const sheet = openSheet({ title: "Groups", list: list.elements, home: "#groups/all", onclose: list.stop });
  show(place);
  return { close: sheet.close, show };

  /** @param {Place} place */
  function show({ section: [what = "all", ...rest] }) {
    const id = parseInt(what, 10); // "5", or as in Zulip "5/name"
    list.show(id ? String(id) : what);
    if (id) sheet.show(async (panel) => (await import("./group_page.js")).show(panel, id, rest.at(-1)), true);
    else if (what === "new") sheet.show(async (panel) => (await import("./group_new.js")).show(panel), true);
    else
      sheet.show(
        (panel) => panel.append(explanation("Groups can be mentioned together, and may do what others may not. Choose one to see who is in it.")),
        false,
      );
  }
}

/** Those that people made come first. @param {Group[]} found */
const inOrder = (found) => [
  ...found.filter((each) => !each.is_system_group).sort((one, other) => one.name.localeCompare(other.name)),
  ...found.filter((each) => each.is_system_group),
];

/** What a row is drawn of. @param {Group} group */
function shown(group) {
  const inside = group.members.includes(me.id());
  return { id: group.id, name: groups.title(group.id), inside, open: may(inside ? "leave" : "join", group) };
}

/** @param {ReturnType<typeof shown>} row */
function action({ id, name, inside, open }) {
  if (!open) return false;
  return inside ? iconButton("check", `Leave ${name}`, () => leave(id)) : iconButton("plus", `Join ${name}`, () => join(id));
}
