/** Somebody's card as a dialog, for links: "#user/5". */

import { h } from "../base/dom.js";
import { openDialog } from "../parts/dialog.js";
import { keepCard } from "../parts/card.js";
import * as users from "../state/users.js";

/** @param {import("../base/place.js").Place} place */
export function open({ section: [id] }) {
  const box = h("div", { class: "card" });
  const stop = keepCard(box, Number(id));
  const dialog = openDialog({ title: users.name(Number(id)), body: [box], onclose: stop });
  return { close: () => dialog.close() };
}
