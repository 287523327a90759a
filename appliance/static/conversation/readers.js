/** Who has read a message. */

import { get } from "../base/api.js";
import { h } from "../base/dom.js";
import { avatar } from "../parts/avatar.js";
import { openDialog } from "../parts/dialog.js";
import * as users from "../state/users.js";

const MOST = 500; // people who are listed

/** @param {import("./rows.js").Message} message */
export async function openReaders(message) {
  const { user_ids: ids } = await get(`/messages/${message.id}/read_receipts`);
  openDialog({ title: "Who has read it", body: ids.length ? people(ids) : [h("p", null, "Nobody yet, or nobody who lets others know.")] });
}

/** @param {number[]} ids */
function people(ids) {
  const sorted = ids.map((id) => ({ id, name: users.name(id) })).sort((one, other) => one.name.localeCompare(other.name));
  const rows = sorted.slice(0, MOST).map(({ id, name }) => h("li", null, avatar(id, 28), h("span", { dir: "auto" }, name)));
  const others = sorted.length - rows.length;
  return [
    h("p", null, ids.length === 1 ? "One person has read it:" : `${ids.length} people have read it:`),
    h("ul", { class: "reader-list" }, rows, others > 0 && h("li", null, `and ${others} others`)),
  ];
}
