/** The open box: where a message goes, its text, and sending it. Fetched soon after the page is there. */

import { watch } from "../base/changes.js";
import { fill, h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import * as outbox from "../live/outbox.js";
import { typing } from "../live/typing.js";
import { failed, toast } from "../parts/toast.js";
import * as destinations from "../state/destination.js";
import * as drafts from "../state/drafts.js";
import { setting } from "../state/told.js";
import { agreed, obstacle } from "./checks.js";
import { makeEditor } from "./editor.js";
import { hint } from "./hints.js";
import { quotation } from "./quote.js";
import { makeRecipient } from "./recipient.js";
import { suggested, wholeChannel } from "./suggested.js";

/** @typedef {import("../state/destination.js").Destination} Destination */
/** @typedef {import("./compose.js").Asked} Asked */

const KEEP = 400; // milliseconds after a change

let key = drafts.fresh(); // of the draft in the box
let keeping = 0; // the timer; 0: all is kept
let onshow = (/** @type {boolean} */ _isOpen) => {};

const recipient = makeRecipient(changed, () => editor.focus());
const send = h("button", { type: "button", class: "primary send", onclick: submit }, icon("send"), h("span", null, "Send"));
const later = h("button", { type: "button", class: "primary later", "aria-label": "Send later", title: "Send later", onclick: sendLater }, icon("down"));
const editor = makeEditor({ label: "Message", placeholder: "Write a message", destination: recipient.value, onsubmit: submit, oncancel: close, onchange: changed, actions: [send, later] });
const hints = h("div", { class: "hints", role: "status" });
const closeButton = h("button", { type: "button", class: "icon-button", "aria-label": "Close; the text is kept", title: "Close (Esc)", onclick: close }, icon("close"));

/** Hidden until `open`. */
export const element = h("div", { class: "compose-open", hidden: true }, h("div", { class: "compose-top" }, recipient.element, closeButton), hints, editor.element);

/** @param {(isOpen: boolean) => void} shown is told when it opens or closes */
export function start(shown) {
  onshow = shown;
  element.addEventListener("focusout", keep);
  addEventListener("pagehide", keep);
  addEventListener("beforeunload", (event) => editor.busy() && event.preventDefault()); // an upload would be lost
  watch(["drafts"], followDraft);
  watch(["channels", "users", "told", "settings", "absent"], draw);
  draw();
}

/** One reads another conversation. */
export function follow() {
  const destination = suggested();
  if (!isOpen() || !destination || destinations.same(destination, recipient.value()) || editor.busy()) return;
  if (element.contains(document.activeElement)) enter(destination);
  else close();
}

/** @param {Asked} asked */
export function open({ destination = suggested(), kind, content, quote, draft, focus = true }) {
  const goesOn = isOpen() && content === undefined && !draft && !kind && (!destination || destinations.same(destination, recipient.value()));
  if (!goesOn) enter(destination ?? (kind ? null : wholeChannel()), { kind, content, draft });
  show(true);
  keep();
  if (quote) insertQuote(quote).catch(failed);
  if (focus) (isUnknown() && !editor.value() ? recipient : editor).focus();
}

/** Into what is being written. @param {File[]} files */
export const upload = (files) => editor.upload(files);

const isOpen = () => !element.hidden;

/** Is something left to choose? That there is no topic may be meant where such messages are read. */
function isUnknown() {
  const destination = recipient.value();
  return !destination || (destination.type === "channel" && !destination.topic && !destinations.same(destination, suggested()));
}

/** @param {Destination | null} destination @param {Pick<Asked, "kind" | "content" | "draft">} [asked] */
function enter(destination, { kind, content, draft: chosen } = {}) {
  keep();
  const draft = chosen ? drafts.get(chosen) : content === undefined && destination ? drafts.of(destination) : undefined;
  key = draft?.key ?? drafts.fresh();
  recipient.set(destination, kind);
  editor.set(content ?? draft?.content ?? "");
  advise();
}

function close() {
  const had = element.contains(document.activeElement);
  keep();
  typing(null);
  show(false);
  if (had) document.getElementById("main")?.focus({ preventScroll: true });
}

/** @param {boolean} wanted */
function show(wanted) {
  element.hidden = !wanted;
  onshow(wanted);
  draw();
}

function draw() {
  send.title = setting("enter_sends") ? "Send (Enter)" : "Send (Ctrl+Enter)";
  if (isOpen()) advise();
}

// -- what is written

function changed() {
  const destination = recipient.value();
  typing(editor.value().trim() ? destination : null);
  clearTimeout(keeping);
  keeping = setTimeout(() => (keep(), advise()), KEEP);
}

function keep() {
  clearTimeout(keeping);
  keeping = 0;
  if (isOpen() && !editor.busy()) drafts.save(key, recipient.value(), editor.value());
}

/** It was changed, sent or thrown away in another tab or program. */
function followDraft() {
  if (!isOpen() || keeping || editor.busy() || element.contains(document.activeElement)) return;
  const content = drafts.get(key)?.content ?? "";
  if (content !== editor.value().trim()) editor.set(content);
}

function advise() {
  const said = hint(recipient.value(), editor.value());
  if (hints.textContent === (said ? said.text + (said.action ?? "") : "")) return;
  fill(hints, said?.text, said?.action ? h("button", { type: "button", onclick: () => said.run().catch(failed) }, said.action) : null);
}

/** @param {{message: any, text?: string}} quote */
async function insertQuote(quote) {
  editor.insertBlock(await quotation(quote));
}

// -- sending

function submit() {
  sendNow().catch(failed);
}

async function sendNow() {
  const { destination, content } = written();
  if (!content) return editor.focus();
  const sure = await agreed(destination, content);
  if (!sure || editor.value().trim() !== content) return editor.focus(); // it was changed, or sent, meanwhile
  outbox.send(destination, content);
  done();
  if (!destinations.same(destination, suggested())) toast(`Sent to ${destinations.title(destination)}`, { action: "Show", run: () => (location.hash = destinations.hash(destination)) });
}

async function sendLater() {
  try {
    const { destination, content } = written();
    if (!content) return editor.focus();
    const { schedule } = await import("./send_later.js");
    schedule(destination, content, done);
  } catch (error) {
    failed(error);
  }
}

/** Throws with what stands against sending it. */
function written() {
  const destination = recipient.value();
  const content = editor.value().trim();
  const why = obstacle(destination, editor);
  if (why && !destination) recipient.focus();
  if (why) throw new Error(why);
  return { destination, content };
}

/** It is on its way. */
function done() {
  drafts.discard(key);
  key = drafts.fresh();
  clearTimeout(keeping);
  keeping = 0;
  typing(null);
  editor.set("");
  editor.focus();
}
