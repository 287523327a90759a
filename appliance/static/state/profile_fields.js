/** What the organization lets people say of themselves. */

import { changed } from "../base/changes.js";

/** What `type` says. */
export const SHORT_TEXT = 1, LONG_TEXT = 2, CHOICE = 3, DATE = 4, LINK = 5, PEOPLE = 6, ACCOUNT = 7, PRONOUNS = 8;

/** @typedef {{id: number, type: number, order: number, name: string, hint: string, field_data: string, required: boolean, editable_by_user: boolean, display_in_profile_summary?: boolean}} ProfileField */

/** @type {ProfileField[]} */
let fields = [];

/** @param {ProfileField[]} rows */
function put(rows) {
  fields = [...rows].sort((one, other) => one.order - other.order);
  changed("profile_fields");
}

/** @param {Record<string, any>} told */
export const load = (told) => put(told.custom_profile_fields);
export const events = { custom_profile_fields: (/** @type {any} */ event) => put(event.fields) };

/** In their order. */
export const all = () => fields;

/** @param {number} fieldId */
export const get = (fieldId) => fields.find((each) => each.id === fieldId);
