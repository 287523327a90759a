/** What one has sent and the server does not have yet, below the messages; and who is writing. */

import { fill, h, keyed } from "../base/dom.js";
import * as outbox from "../live/outbox.js";
import { avatar } from "../parts/avatar.js";
import * as me from "../state/me.js";
import * as messages from "../state/messages.js";
import * as typing from "../state/typing.js";
import * as users from "../state/users.js";

/** @typedef {import("../live/outbox.js").Pending} Pending */
/** @typedef {import("../state/destination.js").Destination} Destination */

const NAMED = 3; // who are writing

/** @type {Record<Pending["state"], (pending: Pending) => string>} */
const STATES = {
  sending: () => "Sending…",
  waiting: ({ error }) => `Not sent yet: ${error || "waiting for the server."}`,
  failed: ({ error }) => `Not sent: ${error}`,
};

/** @param {HTMLElement} root @param {Destination | null} destination null: whatever it is @returns {string} the local id of the last one */
export function drawPending(root, destination) {
  const shown = (destination ? outbox.pending(destination) : outbox.all()).filter((each) => !messages.get(each.id)); // its event may have been missed
  keyed(root, shown, (each) => each.local_id, make, update);
  return shown.at(-1)?.local_id ?? "";
}

/** @param {Pending} pending */
function make(pending) {
  const text = h("div", { class: "message-content pending-text", dir: "auto" }, pending.content);
  const head = h("div", { class: "message-head" }, h("span", { class: "message-picture" }, avatar(me.id())), h("span", { class: "message-sender", dir: "auto" }, users.name(me.id())));
  const made = h("article", { class: "message leads pending", "aria-label": "Message that is not sent yet" }, head, h("div", { class: "message-body" }, text), h("div", { class: "message-foot pending-state", role: "status" }));
  update(made, pending);
  return made;
}

/** @param {HTMLElement} element @param {Pending} pending */
function update(element, pending) {
  const { state, error, local_id: id } = pending;
  const shown = `${state} ${error}`;
  if (element.dataset.state === shown) return;
  element.dataset.state = shown;
  element.classList.toggle("failed", state === "failed");
  fill(
    element.querySelector(".pending-state"),
    h("span", null, STATES[state](pending)),
    state !== "sending" && h("button", { type: "button", class: "link-button", onclick: () => outbox.retry(id) }, "Try again"),
    state !== "sending" && h("button", { type: "button", class: "link-button", onclick: () => outbox.discard(id) }, "Discard"),
  );
}

/** @param {HTMLElement} root @param {Destination | null} destination */
export function drawTyping(root, destination) {
  const names = (destination ? typing.who(destination) : []).map(users.name);
  const text = names.length > NAMED ? "Several people are writing…" : names.length > 0 ? `${names.join(", ")} ${names.length > 1 ? "are" : "is"} writing…` : "";
  if (root.textContent !== text) root.textContent = text;
}
