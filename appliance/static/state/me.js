/** Who is signed in, and what they may do. */

import { changed } from "../base/changes.js";
import * as groups from "./groups.js";
import { realm } from "./told.js";
import * as users from "./users.js";

let own = 0;

/** @param {Record<string, any>} told */
export function load(told) {
  own = told.user_id;
  changed("me");
}

export const events = {
  realm_user: (/** @type {any} */ { person }) => person.user_id === own && changed("me"),
};

export const id = () => own;
export const row = () => users.get(own);

export const isGuest = () => row().role === users.GUEST;
/** Or more than that, as with the next. */
export const isModerator = () => row().role <= users.MODERATOR;
export const isAdmin = () => row().role <= users.ADMIN;
export const isOwner = () => row().role === users.OWNER;

/** @param {string} permission a setting of the organization that names a group, such as "can_invite_users_group" */
export const may = (permission) => {
  const value = realm(permission);
  return value !== undefined && groups.covers(value, own);
};
