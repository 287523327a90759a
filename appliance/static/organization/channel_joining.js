/** Joining channels and leaving them. */

import { post, remove } from "../base/api.js";
import { confirm } from "../parts/dialog.js";
import * as channels from "../state/channels.js";

/** @param {number} id */
export const join = (id) => post("/users/me/subscriptions", { subscriptions: [{ name: channels.name(id) }] });

/** @param {number} id */
export async function leave(id) {
  const { name, invite_only: isPrivate } = channels.get(id);
  const text = "It is private: somebody in it must put you back in, if you want to.";
  if (isPrivate && !(await confirm({ title: `Leave ${name}?`, text, action: "Leave", danger: true }))) return;
  await remove("/users/me/subscriptions", { subscriptions: [name] });
}
