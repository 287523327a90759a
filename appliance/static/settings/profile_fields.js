/** What somebody says of themselves in the fields of the organization; administrators fill them in for others as well. */

import { patch } from "../base/api.js";
import { watch } from "../base/changes.js";
import { fill, h } from "../base/dom.js";
import { choice, field } from "../parts/field.js";
import { avatar } from "../parts/avatar.js";
import { icon } from "../base/icon.js";
import * as me from "../state/me.js";
import * as profileFields from "../state/profile_fields.js";
import { CHOICE, DATE, LINK, LONG_TEXT, PEOPLE } from "../state/profile_fields.js";
import * as users from "../state/users.js";
import { save } from "./saving.js";

/** @typedef {import("../state/profile_fields.js").ProfileField} ProfileField */

/** In characters, as the server has them. @type {Record<number, number>} */
const LENGTHS = { [LONG_TEXT]: 500, [LINK]: 500 };
const SHORT = 50;

/** @typedef {ProfileField & {said: () => string, say: (value: string | number[]) => Promise<boolean>}} Asked a field, what somebody has said in it, and saying something else */

/** @param {HTMLElement} root @param {number} [userId] oneself, or for administrators anybody @returns {() => void} */
export function drawProfileFields(root, userId = me.id()) {
  const draw = () => fill(root, profileFields.all().map((each) => drawField(asked(each, userId))));
  draw();
  return watch(["profile_fields", "me"], () => root.contains(document.activeElement) || draw());
}

/** @param {ProfileField} field @param {number} userId @returns {Asked} */
function asked(field, userId) {
  const said = () => users.get(userId).profile_data?.[field.id]?.value ?? "";
  const tell = (/** @type {any} */ data) => (userId === me.id() ? patch("/users/me/profile_data", { data }) : patch(`/users/${userId}`, { profile_data: data }));
  return { ...field, said, say: (value) => save(() => tell([{ id: field.id, value }])) }; // nothing at all empties the field
}

/** @param {Asked} row */
function drawField(row) {
  const closed = !row.editable_by_user && !me.isAdmin();
  const control = (CONTROLS[row.type] ?? written)(row, row.said());
  if (closed) for (const each of [control, ...control.querySelectorAll("*")]) each.toggleAttribute("disabled", true);
  const hint = closed ? "Administrators fill this in." : row.hint;
  return field(row.required ? `${row.name} (please fill in)` : row.name, control, hint);
}

/** @param {Asked} row @param {string} value @param {Record<string, any>} [more] */
function written(row, value, more = {}) {
  const input = h("input", { value, dir: "auto", maxlength: LENGTHS[row.type] ?? SHORT, onchange: told, ...more });
  return /** @type {HTMLElement} */ (input);

  async function told() {
    if (!input.reportValidity() || !(await row.say(input.value.trim()))) input.value = row.said();
  }
}

/** @param {Asked} row @param {string} value */
const dated = (row, value) => written(row, value, { type: "date" });

/** @param {Asked} row @param {string} value */
const linked = (row, value) => written(row, value, { type: "url", placeholder: "https://" });

/** @type {Record<number, (row: Asked, value: string) => HTMLElement>} */
const CONTROLS = { [LONG_TEXT]: writtenLong, [CHOICE]: selected, [DATE]: dated, [LINK]: linked, [PEOPLE]: people };

/** @param {Asked} row @param {string} value */
function writtenLong(row, value) {
  const area = h("textarea", { rows: 3, dir: "auto", maxlength: LENGTHS[LONG_TEXT], onchange: () => row.say(area.value.trim()) });
  area.value = value;
  return area;
}

/** @param {Asked} row @param {string} value */
function selected(row, value) {
  const choices = /** @type {[string, {text: string, order: string}][]} */ (Object.entries(JSON.parse(row.field_data || "{}")));
  choices.sort(([, one], [, other]) => Number(one.order) - Number(other.order));
  const options = choices.map(([key, { text }]) => ({ value: key, text }));
  return choice([{ value: "", text: "" }, ...options], value, (key) => row.say(key));
}

/** @param {Asked} row @param {string} value a list of ids, in JSON */
function people(row, value) {
  const root = h("div", { class: "settings-people" });
  draw(/** @type {number[]} */ (JSON.parse(value || "[]")));
  return root;

  /** @param {number[]} ids */
  function draw(ids) {
    const others = users.people().filter((each) => !ids.includes(each.user_id));
    const options = others.map((each) => ({ value: each.user_id, text: each.full_name }));
    const add = choice([{ value: 0, text: "Add somebody…" }, ...options], 0, (id) => id && put([...ids, id]));
    add.setAttribute("aria-label", `${row.name}: add somebody`);
    fill(root, ids.map((id) => pill(id, () => put(ids.filter((each) => each !== id)))), add);
  }

  /** @param {number[]} ids */
  async function put(ids) {
    if (await row.say(ids)) draw(ids);
  }
}

/** @param {number} userId @param {() => void} drop */
function pill(userId, drop) {
  const name = users.name(userId);
  const out = h("button", { type: "button", class: "icon-button", "aria-label": `Remove ${name}`, onclick: drop }, icon("close"));
  return h("span", { class: "tag settings-pill" }, avatar(userId, 20), h("bdi", null, name), out);
}
