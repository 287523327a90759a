/**
 * Which view is open, and which dialog above it: what the address names.
 *
 * Whoever wants to go somewhere sets `location.hash`, or is a link. A view is what fills the middle of the page;
 * settings and the like are dialogs above it, whose address lasts until the last dialog is closed.
 */

import { ahead } from "../base/ahead.js";
import { fill } from "../base/dom.js";
import { parse } from "../base/place.js";
import { suggest } from "../compose/compose.js";
import { failed } from "../parts/toast.js";
import { fromTerms } from "../state/destination.js";
import { setting } from "../state/told.js";
import * as here from "./here.js";
import * as inbox from "./inbox.js";

/** @typedef {import("../base/place.js").Place} Place */
/** @typedef {{title: string, close: () => void, focus?: () => void}} View */
/** @typedef {{open: (root: HTMLElement, place: Place) => View}} ViewModule */
/** @typedef {{close: () => void, show?: (place: Place) => void}} Overlay `show`: goes to another part of the same dialog */
/** @typedef {{open: (place: Place) => Overlay | Promise<Overlay>}} OverlayModule */

const conversation = ahead(() => import("../conversation/conversation.js"));

/** @type {Record<string, () => ViewModule | Promise<ViewModule>>} */
const VIEWS = {
  narrow: conversation,
  feed: conversation,
  inbox: () => inbox,
  recent: () => import("./recent.js"),
  drafts: () => import("./drafts.js"),
  scheduled: () => import("./scheduled.js"),
};

/** @type {Record<string, () => Promise<OverlayModule>>} */
const OVERLAYS = {
  settings: () => import("../settings/settings.js"),
  organization: () => import("../organization/organization.js"),
  channels: () => import("../organization/channels.js"),
  groups: () => import("../organization/groups.js"),
  user: () => import("./profile.js"),
  "keyboard-shortcuts": () => import("./help.js"),
  "search-operators": () => import("./help.js"),
};

/** Zulip's older names. @type {Record<string, string>} */
const RENAMED = { all_messages: "feed", "all-messages": "feed", recent_topics: "recent", recent_conversations: "recent", streams: "channels" };

let root = /** @type {HTMLElement} */ (null);
let view = /** @type {View | null} */ (null);
let overlay = /** @type {{kind: string, open: Overlay} | null} */ (null);
let goal = /** @type {{wanted: Place, hash: string} | null} */ (null); // the view that is to be open
let turn = 0; // what is still being fetched when one has gone elsewhere is not shown

/** Follow the address from now on; resolves when what it names is open. @param {HTMLElement} main where views go */
export async function start(main) {
  root = main;
  addEventListener("hashchange", follow);
  document.addEventListener("close", dialogClosed, true);
  document.addEventListener("click", followAgain);
  await follow();
}

/** The address of the view that the person wants to see first. */
const home = () => `#${RENAMED[setting("web_home_view")] ?? setting("web_home_view") ?? "inbox"}`;

/** Where the keyboard goes after a menu or drawer has closed. */
export function focus() {
  if (view?.focus) view.focus();
  else root.focus({ preventScroll: true });
}

async function follow() {
  const wanted = read(location.hash);
  const now = ++turn;
  await (Object.hasOwn(OVERLAYS, wanted.kind) ? openOverlay(wanted, now) : show(wanted, addressOf(wanted), now)).catch(failed);
}

/** Of what is shown for the address: where that names nothing, it is the home view. @param {Place} wanted */
function addressOf({ kind }) {
  const asked = parse(location.hash).kind;
  return (RENAMED[asked] ?? asked) === kind ? location.hash : home();
}

/** @param {string} hash @returns {Place} of a view or an overlay that there is */
function read(hash) {
  const asked = parse(hash);
  const kind = RENAMED[asked.kind] ?? asked.kind;
  if (Object.hasOwn(VIEWS, kind) || Object.hasOwn(OVERLAYS, kind)) return { ...asked, kind };
  return parse(home());
}

/** @param {Place} wanted @param {string} hash @param {number} now */
async function show(wanted, hash, now) {
  closeOverlay();
  goal = { wanted, hash };
  if (view && here.hash() === hash) return;
  const module = await VIEWS[wanted.kind]();
  if (now !== turn) return;
  view?.close();
  fill(root);
  suggest(wanted.kind === "narrow" ? fromTerms(wanted.terms) : null);
  view = module.open(root, wanted);
  here.moved(wanted, hash, view.title);
  if (document.activeElement instanceof HTMLAnchorElement) root.focus({ preventScroll: true }); // keys are about what is read now
}

/** @param {Place} wanted @param {number} now */
async function openOverlay(wanted, now) {
  if (!view || here.hash() !== goal.hash) await show(goal?.wanted ?? read(""), goal?.hash ?? home(), now);
  if (overlay?.kind === wanted.kind && overlay.open.show) return overlay.open.show(wanted);
  closeOverlay();
  const module = await OVERLAYS[wanted.kind]();
  if (now !== turn) return;
  const open = await module.open(wanted);
  if (now === turn) overlay = { kind: wanted.kind, open };
  else open.close();
}

function closeOverlay() {
  const open = overlay?.open;
  overlay = null;
  open?.close();
}

/** The address of a dialog that was closed by hand is the view's again. */
function dialogClosed() {
  if (!overlay || document.querySelector("dialog[open]")) return;
  overlay = null;
  turn++;
  history.replaceState(null, "", here.hash() || location.pathname);
}

/** A link to where one is already opens it anew: at its newest, or at the message that is named. @param {MouseEvent} event */
function followAgain(event) {
  const link = event.target instanceof Element && event.target.closest('a[href^="#"]');
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.getAttribute("href") !== location.hash || Object.hasOwn(OVERLAYS, read(location.hash).kind)) return;
  event.preventDefault();
  again();
}

/** Open the view anew. */
function again() {
  view?.close();
  view = null;
  show(read(here.hash()), here.hash(), ++turn).catch(failed);
}
