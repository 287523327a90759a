/** Who is in a group: people, and groups inside it. */

import { post } from "../base/api.js";
import { watch } from "../base/changes.js";
import { h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import * as groups from "../state/groups.js";
import * as me from "../state/me.js";
import * as users from "../state/users.js";
import { addingForm } from "./adding.js";
import { may } from "./group_rights.js";
import { entry, iconButton, liveList } from "./panel.js";
import { personList } from "./person_list.js";

/** @typedef {import("./pills.js").Chosen} Chosen */

/** @param {HTMLElement} panel @param {number} id */
export function show(panel, id) {
  if (may("add", groups.get(id))) panel.append(adding(id));
  const inside = h("section", { "aria-label": "Groups in it" }, h("h3", null, "Groups in it"));
  const subgroups = liveList(inside, {
    label: "Groups in it",
    subjects: ["groups", "me"],
    rows: () => rows(id),
    make: (row) => subgroup(id, row),
    empty: "None.",
  });
  const list = personList({
    label: "People in the group",
    ids: () => groups.get(id)?.members ?? [],
    action: (userId) => takingOut(id, userId),
    empty: "Nobody is in it directly.",
  });
  panel.append(h("h3", null, "People"), list.element, inside);
  const stop = watch(["groups", "users", "me"], list.draw);
  return () => (stop(), subgroups.stop());
}

/** @param {number} id */
const adding = (id) =>
  addingForm({
    except: (one) => groups.get(id)[one.kind === "person" ? "members" : "direct_subgroup_ids"].includes(one.id) || (one.kind === "group" && one.id === id),
    put: (chosen) => post(`/user_groups/${id}/members`, { add: idsOf(chosen, "person"), add_subgroups: idsOf(chosen, "group") }),
  });

/** Null where there are none. @param {Chosen[]} chosen @param {Chosen["kind"]} kind */
export function idsOf(chosen, kind) {
  const found = chosen.filter((each) => each.kind === kind).map((each) => each.id);
  return found.length > 0 ? found : null;
}

/** @param {number} id */
const rows = (id) =>
  (groups.get(id)?.direct_subgroup_ids ?? []).map((/** @type {number} */ each) => ({
    id: each,
    name: groups.title(each),
    mayGo: may("remove", groups.get(id)),
  }));

/** @param {number} id @param {{id: number, name: string, mayGo: boolean}} row */
function subgroup(id, { id: inner, name, mayGo }) {
  return entry({
    picture: icon("people"),
    title: h("a", { class: "plain-link", href: `#groups/${inner}` }, name),
    actions: [mayGo && iconButton("close", `Take ${name} out`, () => post(`/user_groups/${id}/subgroups`, { delete: [inner] }))],
  });
}

/** @param {number} id @param {number} userId */
function takingOut(id, userId) {
  const group = groups.get(id);
  if (!group || !may(userId === me.id() ? "leave" : "remove", group)) return false;
  const name = users.name(userId);
  return iconButton("close", `Take ${name} out`, () => post(`/user_groups/${id}/members`, { delete: [userId] }));
}
