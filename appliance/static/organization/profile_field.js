/** A dialog with all that one profile field is. */

import { patch, post } from "../base/api.js";
import { h } from "../base/dom.js";
import { choice, field, toggle } from "../parts/field.js";
import { openForm } from "../parts/form.js";
import { ACCOUNT, CHOICE, DATE, LINK, LONG_TEXT, PEOPLE, PRONOUNS, SHORT_TEXT } from "../state/profile_fields.js";
import { told } from "../state/told.js";

const NOT_ON_CARDS = [LONG_TEXT, PEOPLE];
const CUSTOM = "custom"; // the subtype of an account on a site that the server does not know
const MAX_NAME = 40,
  MAX_HINT = 80;

/** @type {Record<number, string>} */
export const KINDS = {
  [SHORT_TEXT]: "Short text",
  [LONG_TEXT]: "Long text",
  [CHOICE]: "One of several",
  [DATE]: "Date",
  [LINK]: "Link",
  [PEOPLE]: "People",
  [ACCOUNT]: "Account on a site",
  [PRONOUNS]: "Pronouns",
};

/** @typedef {import("../state/profile_fields.js").ProfileField} ProfileField */
/** @typedef {{element: HTMLElement, data: () => any}} Data what a kind asks for besides, and `field_data` made of it */

/** @param {ProfileField | null} row null: a new one */
export function askForField(row) {
  let kind = row?.type ?? SHORT_TEXT;
  const said = { summary: row?.display_in_profile_summary ?? false, required: row?.required ?? false, own: row?.editable_by_user ?? true };
  const name = h("input", { type: "text", required: true, maxlength: MAX_NAME, dir: "auto", value: row?.name ?? "", autofocus: true });
  const hint = h("input", { type: "text", maxlength: MAX_HINT, dir: "auto", value: row?.hint ?? "" });
  const kinds = choice(
    Object.entries(KINDS).map(([value, text]) => ({ value: Number(value), text })),
    kind,
    (value) => ((kind = value), fit()),
  );
  const onCards = toggle("Show it on cards", said.summary, (checked) => (said.summary = checked), "At most two fields are.");
  const parts = { [CHOICE]: options(row), [ACCOUNT]: account(row) };
  openForm({
    title: row ? "Change the field" : "Add a field",
    body: [
      row ? false : field("Kind", kinds),
      field("Name", name),
      field("Hint", hint, "Stands beside it where people fill it in."),
      parts[CHOICE].element,
      parts[ACCOUNT].element,
      onCards,
      toggle("Ask everybody to fill it in", said.required, (checked) => (said.required = checked)),
      toggle("People fill it in themselves", said.own, (checked) => (said.own = checked), "Otherwise only administrators do."),
    ],
    action: row ? "Save" : "Add",
    run: send,
  });
  fit();

  function fit() {
    for (const [of, { element }] of Object.entries(parts)) element.hidden = Number(of) !== kind;
    onCards.hidden = NOT_ON_CARDS.includes(kind);
  }

  function send() {
    const asked = {
      name: name.value.trim(),
      hint: hint.value.trim(),
      field_data: /** @type {Record<number, Data>} */ (parts)[kind]?.data() ?? null,
      display_in_profile_summary: said.summary && !onCards.hidden,
      required: said.required,
      editable_by_user: said.own,
    };
    return row ? patch(`/realm/profile_fields/${row.id}`, asked) : post("/realm/profile_fields", { field_type: kind, ...asked });
  }
}

/** One choice in each line. Those that were there keep their keys, which people's profiles name. @param {ProfileField | null} row @returns {Data} */
function options(row) {
  const before = /** @type {Record<string, {text: string, order: string}>} */ (row?.type === CHOICE ? JSON.parse(row.field_data) : {});
  const sorted = Object.values(before).sort((one, other) => Number(one.order) - Number(other.order));
  const lines = h("textarea", { rows: 5, dir: "auto", value: sorted.map((each) => each.text).join("\n") });
  return { element: field("What can be chosen", lines, "One in each line."), data };

  function data() {
    const texts = lines.value
      .split("\n")
      .map((each) => each.trim())
      .filter(Boolean);
    let free = Math.max(-1, ...Object.keys(before).map(Number).filter(Number.isFinite)) + 1;
    const keyOf = (/** @type {string} */ text) => Object.keys(before).find((key) => before[key].text === text) ?? String(free++);
    return Object.fromEntries(texts.map((text, at) => [keyOf(text), { text, order: String(at + 1) }]));
  }
}

/** @param {ProfileField | null} row @returns {Data} */
function account(row) {
  const known = /** @type {Record<string, {text: string}>} */ (told("realm_default_external_accounts"));
  const before = row?.type === ACCOUNT ? JSON.parse(row.field_data) : { subtype: Object.keys(known)[0] };
  let subtype = before.subtype;
  const pattern = h("input", {
    type: "text",
    class: "code",
    dir: "ltr",
    placeholder: "https://example.com/%(username)s",
    value: before.url_pattern ?? "",
  });
  const address = field("Address", pattern, "%(username)s stands for the name there.");
  const sites = [...Object.entries(known).map(([value, { text }]) => ({ value, text })), { value: CUSTOM, text: "Another site" }];
  const site = choice(sites, subtype, (value) => ((subtype = value), fit()));
  fit();
  const data = () => (subtype === CUSTOM ? { subtype, url_pattern: pattern.value.trim() } : { subtype });
  return { element: h("div", null, field("Site", site), address), data };

  function fit() {
    address.hidden = subtype !== CUSTOM;
  }
}
