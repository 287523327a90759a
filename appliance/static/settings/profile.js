/** What others see of oneself: name, picture, what one says in the organization's fields, where one lives. */

import { watch } from "../base/changes.js";
import { fill, h } from "../base/dom.js";
import { choice, field } from "../parts/field.js";
import { failed } from "../parts/toast.js";
import * as me from "../state/me.js";
import * as statuses from "../state/statuses.js";
import { realm, setting } from "../state/told.js";
import { line } from "./line.js";
import { drawPicture } from "./picture.js";
import { drawProfileFields } from "./profile_fields.js";
import { change } from "./saving.js";

/** @param {HTMLElement} panel */
export function show(panel) {
  const picture = h("div", { class: "settings-picture" });
  const name = nameField();
  const status = h("div", { class: "field" });
  const fields = h("div");
  panel.append(picture, name.element, status, timeZone(), fields);
  const stops = [drawPicture(picture), drawProfileFields(fields), watch(["me"], name.follow), drawStatus(status)];
  name.follow();
  return () => stops.forEach((stop) => stop());
}

function nameField() {
  const closed = realm("name_changes_disabled") && !me.isAdmin();
  const input = h("input", { required: true, maxlength: 100, autocomplete: "name", dir: "auto", disabled: closed, onchange: rename });
  const element = field("Name", input, closed ? "In this organization, administrators change names." : undefined);
  return { element, follow };

  async function rename() {
    if (!input.reportValidity() || !(await change({ full_name: input.value.trim() }))) input.value = me.row().full_name;
  }

  function follow() {
    if (document.activeElement !== input) input.value = me.row().full_name;
  }
}

/** @param {HTMLElement} root @returns {() => void} */
function drawStatus(root) {
  const edit = async () => (await import("../navigation/status.js")).editStatus();
  const button = h("button", { type: "button", "aria-label": "Change the status", onclick: () => edit().catch(failed) }, "Change…");
  const draw = () => fill(root, line("Status", h("bdi", null, statuses.of(me.id())?.status_text ?? "You have said nothing."), button));
  draw();
  return watch(["statuses"], draw);
}

function timeZone() {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = [...new Set([setting("timezone"), here, ...Intl.supportedValuesOf("timeZone")])].filter(Boolean);
  const options = zones.map((each) => ({ value: each, text: each === here ? `${each} (of this device)` : each }));
  const select = choice([{ value: "", text: "Not said" }, ...options], setting("timezone"), (timezone) => change({ timezone }));
  return field("Time zone", select, "Others see what time it is where you are.");
}
