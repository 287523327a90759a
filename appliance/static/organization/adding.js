/** Putting people and groups into a channel or group. */

import { h } from "../base/dom.js";
import { attempt } from "./panel.js";
import { pills } from "./pills.js";

/** @typedef {import("./pills.js").Chosen} Chosen */

/** @param {{except: (one: Chosen) => boolean, put: (chosen: Chosen[]) => Promise<unknown>}} asked `except`: who cannot be chosen */
export function addingForm({ except, put }) {
  const add = h("button", { type: "submit", class: "primary", disabled: true }, "Add");
  const chosen = pills({ label: "Add people or groups", withGroups: true, except, onchange: (now) => (add.disabled = now.length === 0) });
  return h("form", { class: "adding", onsubmit: submit }, chosen.element, add);

  /** @param {SubmitEvent} event */
  function submit(event) {
    event.preventDefault();
    attempt(async () => {
      await put(chosen.chosen());
      chosen.show([]);
      add.disabled = true;
    });
  }
}
