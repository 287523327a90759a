/**
 * Messages that one has begun to write. What the server does not have yet is kept in this browser, each under a
 * name of its own in localStorage, so that tabs do not overwrite each other's.
 */

import { ApiError, patch, post, remove } from "../base/api.js";
import { changed } from "../base/changes.js";
import { direct, same } from "./destination.js";
import { setting } from "./told.js";

/** @typedef {import("./destination.js").Destination} Destination */
/**
 * @typedef {object} Draft
 * @property {string} key of this page's own
 * @property {number | null} id the server's
 * @property {Destination | null} destination
 * @property {string} content
 * @property {number} at seconds
 * @property {boolean} [ours] changed here, and the server does not know
 * @property {boolean} [gone] the server is to delete it
 * @property {boolean} [refused] the server does not want it: it stays here
 */

const IDLE = 2000; // milliseconds without a change, before the server is told
const AGAIN = 30_000; // milliseconds, when that failed
const OTHER_TAB = 4; // seconds: what is older than this waits for no other tab

let drafts = /** @type {Draft[]} */ ([]);
let me = 0;
let timer = 0;

/** @param {Record<string, any>} told */
export function load(told) {
  me = told.user_id;
  for (const each of recalled()) if (!find(each.key)) drafts.push(each);
  if (setting("enable_drafts_synchronization")) merge(told.drafts ?? []);
  changed("drafts");
  soon(drafts.some((each) => each.ours && each.at < now() - OTHER_TAB) ? 0 : OTHER_TAB * 1000);
}

export const events = { drafts: happened };

/** The one that was changed last first. */
export const all = () => drafts.filter((each) => !each.gone).sort((a, b) => b.at - a.at);

/** @param {string} key */
export const get = (key) => all().find((each) => each.key === key);

/** What one has begun to write there. @param {Destination} destination */
export const of = (destination) => all().find((each) => same(each.destination, destination));

/** @param {string} key of a draft, or a new one (`fresh`) @param {Destination | null} destination @param {string} content */
export function save(key, destination, content) {
  if (!content.trim()) return discard(key);
  const draft = find(key) ?? added({ key, id: null, destination, content: "", at: 0 });
  if (draft.content === content && same(draft.destination, destination)) return;
  Object.assign(draft, { destination, content, at: now(), gone: false });
  ours(draft);
}

/** @param {string} key */
export function discard(key) {
  const draft = find(key);
  if (!draft || draft.gone) return;
  draft.gone = true;
  ours(draft);
}

/** The key of a draft that is to be. */
export const fresh = () => [...crypto.getRandomValues(new Uint8Array(8))].map((each) => each.toString(16).padStart(2, "0")).join("");

/** @param {string} key */
const find = (key) => drafts.find((each) => each.key === key);
const now = () => Math.floor(Date.now() / 1000);

/** @param {Draft} draft */
function added(draft) {
  drafts.push(draft);
  return draft;
}

/** @param {Draft} draft that was changed here */
function ours(draft) {
  Object.assign(draft, { ours: true, refused: false });
  keep(draft);
  changed("drafts");
  soon(IDLE);
}

// -- this browser

const prefix = () => `draft/${me}/`;

/** @param {Draft} draft */
function keep(draft) {
  try {
    if (draft.ours) localStorage.setItem(prefix() + draft.key, JSON.stringify(draft));
    else localStorage.removeItem(prefix() + draft.key);
  } catch {
    // no room, or not allowed: the server has it soon
  }
}

/** @returns {Draft[]} */
function recalled() {
  const names = Object.keys(localStorage).filter((each) => each.startsWith(prefix()));
  return names.map((each) => JSON.parse(localStorage.getItem(each)));
}

addEventListener("storage", ({ key, newValue }) => {
  if (!me || !key?.startsWith(prefix())) return;
  const draft = newValue && { .../** @type {Draft} */ (JSON.parse(newValue)), ours: false }; // that tab tells the server
  const had = find(key.slice(prefix().length));
  if (had?.ours) return;
  if (draft) drafts = [...drafts.filter((each) => each !== had), draft];
  else if (had?.id === null) drafts = drafts.filter((each) => each !== had);
  changed("drafts");
});

// -- the server

/** @param {any} row @returns {Omit<Draft, "key">} */
function told(row) {
  return { id: row.id, destination: place(row), content: row.content, at: row.timestamp };
}

/** @param {any} row @returns {Destination | null} */
function place({ type, to, topic }) {
  if (type === "stream") return { type: "channel", stream_id: to[0], topic };
  return type === "private" ? direct(to) : null;
}

/** @param {Draft} draft */
function row({ destination, content, at }) {
  const common = { content, timestamp: at };
  if (!destination) return { type: "", to: [], topic: "", ...common };
  if (destination.type === "channel") return { type: "stream", to: [destination.stream_id], topic: destination.topic, ...common };
  return { type: "private", to: destination.user_ids.length ? destination.user_ids : [me], topic: "", ...common };
}

/** All that the server has. @param {any[]} rows */
function merge(rows) {
  const known = new Set(rows.map((each) => each.id));
  drafts = drafts.filter((each) => known.has(each.id) || (each.ours && !each.gone) || each.id === null);
  for (const each of drafts) if (!known.has(each.id)) each.id = null; // deleted elsewhere, and changed here since
  for (const each of rows) heard(each);
}

/** @param {any} row a draft as the server has it now */
function heard(row) {
  const draft = drafts.find((each) => each.id === row.id) ?? drafts.find((each) => isCopy(each, row));
  if (!draft) added({ key: `server-${row.id}`, ...told(row) });
  else Object.assign(draft, draft.ours ? { id: row.id } : told(row));
}

/** Our own, whose id comes with the event before the answer does. @param {Draft} draft @param {any} row */
const isCopy = (draft, row) => draft.id === null && draft.content.trim() === row.content && same(draft.destination, place(row));

/** @param {Record<string, any>} event */
function happened(event) {
  if (event.op === "remove") drafts = drafts.filter((each) => each.id !== event.draft_id || (each.ours && !each.gone));
  else for (const each of event.drafts ?? [event.draft]) heard(each);
  changed("drafts");
}

/** @param {number} wait milliseconds */
function soon(wait) {
  clearTimeout(timer);
  if (waiting().length) timer = setTimeout(() => bring().then(() => soon(IDLE)).catch(() => soon(AGAIN)), wait);
}

/** Those that the server is to be told of. */
const waiting = () => drafts.filter((each) => each.ours && !each.refused && (each.gone || setting("enable_drafts_synchronization")));

async function bring() {
  for (const draft of waiting()) {
    if (draft.gone && (draft.id === null || !setting("enable_drafts_synchronization"))) settle(draft, true);
    else await put(draft);
  }
}

/** @param {Draft} draft */
async function put(draft) {
  const { content, at, gone } = draft;
  try {
    if (gone) await remove(`/drafts/${draft.id}`);
    else if (draft.id !== null) await patch(`/drafts/${draft.id}`, { draft: row(draft) });
    else draft.id = (await post("/drafts", { drafts: [row(draft)] })).ids[0];
  } catch (error) {
    refusal(error, draft);
  }
  if (draft.content === content && draft.at === at && !!draft.gone === !!gone && draft.id !== null) settle(draft, gone);
}

/** @param {unknown} error @param {Draft} draft */
function refusal(error, draft) {
  if (!(error instanceof ApiError) || error.status >= 500 || error.status === 429) throw error;
  if (error.status === 404) draft.id = null; // deleted elsewhere
  else draft.refused = true;
}

/** The server has what is here. @param {Draft} draft @param {boolean} [gone] */
function settle(draft, gone) {
  draft.ours = false;
  keep(draft);
  if (gone) drafts = drafts.filter((each) => each !== draft);
  changed("drafts");
}
