/**
 * The box at the bottom, in which messages are written.
 *
 * It is closed, and says where a message would go, or open (box.js). What is written is kept as a draft of its
 * conversation: who goes on to another one finds it when they come back.
 */

import { ahead } from "../base/ahead.js";
import { watch } from "../base/changes.js";
import { fill, h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { shortcuts } from "../base/keys.js";
import * as outbox from "../live/outbox.js";
import { failed } from "../parts/toast.js";
import * as channels from "../state/channels.js";
import * as destinations from "../state/destination.js";
import * as drafts from "../state/drafts.js";
import { tellFailures } from "./failures.js";
import { become, suggested, wholeChannel } from "./suggested.js";

/** @typedef {import("../state/destination.js").Destination} Destination */
/**
 * @typedef {object} Asked
 * @property {Destination | null} [destination] what is read now, if it is left out; null: it is to be chosen
 * @property {import("./recipient.js").Kind} [kind] without a destination: what is to be chosen
 * @property {string} [content]
 * @property {{message: any, text?: string}} [quote] a message; its Markdown is fetched when there is no `text` of it
 * @property {string} [draft] key of the draft that is gone on with
 * @property {boolean} [focus] false: leave the focus where it is
 */

const SHORT = 80; // letters of a draft that are shown when the box is closed

const opener = h("button", { type: "button", class: "compose-opener", onclick: () => open({}) });
const newDirect = h("button", { type: "button", class: "icon-button", "aria-label": "New direct message", title: "New direct message", onclick: choosePeople }, icon("edit"));
const closed = h("div", { class: "compose-closed" }, opener, newDirect);

let root = /** @type {HTMLElement} */ (null);
let box = /** @type {typeof import("./box.js") | null} */ (null); // once it is there

/** @param {HTMLElement} element */
export function mount(element) {
  root = element;
  fill(root, closed);
  draw();
  tellFailures();
  outbox.start();
  watch(["drafts", "channels", "users", "told"], draw);
  document.addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
  document.addEventListener("drop", (event) => dropped(event).catch(failed));
  shortcuts(
    { keys: ["c"], does: "Write a message", group: "Writing", run: () => open({}) },
    { keys: ["x"], does: "Write a direct message", group: "Writing", run: choosePeople },
  );
  ahead(fetched);
}

/** What is read now: messages go there unless another place is chosen. @param {Destination | null} destination null: no one conversation */
export function suggest(destination) {
  become(destination);
  box?.follow();
  draw();
}

/** Write a message. @param {Asked} asked */
export function open(asked) {
  if (box) box.open(asked);
  else fetched().then(() => box.open(asked), failed);
}

function choosePeople() {
  open({ destination: null, kind: "direct" });
}

async function fetched() {
  const module = await import("./box.js");
  if (box) return;
  box = module;
  root.append(box.element);
  box.start((isOpen) => (closed.hidden = isOpen));
}

function draw() {
  const destination = suggested();
  const draft = destination && drafts.of(destination);
  fill(opener, draft ? [h("span", { class: "tag" }, "Draft"), h("bdi", null, draft.content.slice(0, SHORT))] : h("bdi", null, invitation(destination)));
}

/** @param {Destination | null} destination */
function invitation(destination) {
  const channel = wholeChannel();
  if (destination) return `Message ${destinations.title(destination)}`;
  return channel ? `Message #${channels.name(channel.stream_id)}` : "Write a message";
}

/** A file, not on an editor. @param {DragEvent} event */
async function dropped(event) {
  if (event.defaultPrevented || !event.dataTransfer.files.length) return;
  event.preventDefault();
  const files = [...event.dataTransfer.files];
  if (document.querySelector("dialog[open]")) return;
  await fetched();
  box.open({});
  box.upload(files);
}
