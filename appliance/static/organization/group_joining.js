/** Joining groups and leaving them. */

import { post } from "../base/api.js";
import * as me from "../state/me.js";

/** @param {number} id */
export const join = (id) => post(`/user_groups/${id}/members`, { add: [me.id()] });

/** @param {number} id */
export const leave = (id) => post(`/user_groups/${id}/members`, { delete: [me.id()] });
