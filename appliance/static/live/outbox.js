/**
 * Messages on their way to the server: shown at once, sent one after the other, and again until the server has
 * answered. They are kept in this browser meanwhile. All tabs may send one that is kept: they use the same
 * Idempotency-Key, for which the server makes one message. Subject: "outbox".
 */

import { ApiError, post } from "../base/api.js";
import { changed, watch } from "../base/changes.js";
import { addressed, same } from "../state/destination.js";
import * as me from "../state/me.js";
import { state as connection } from "./connection.js";
import { hear } from "./heard.js";
import { queueId } from "./poll.js";

/** @typedef {import("../state/destination.js").Destination} Destination */
/**
 * @typedef {object} Pending
 * @property {string} local_id
 * @property {string} content
 * @property {Destination} destination
 * @property {"sending" | "waiting" | "failed"} state
 * @property {string} error why it waits or has failed
 * @property {number} sent_at seconds
 * @property {number} [id] the server's: it has the message, whose event has not come yet
 */

const MOST = 100; // that wait
const ANSWER = 20_000; // milliseconds for the server's answer
const EVENT = 10_000; // milliseconds for the event after it
const LONGEST = 30_000; // milliseconds between two attempts
const STALE = 12 * 3600; // seconds; the server remembers keys for a day
const FAILURES = 6; // of the server itself, in a row

let waiting = /** @type {Pending[]} */ ([]);
let failures = 0;
let running = false;
let wake = () => {};

/** Take up what was not sent when the page was left. Once, when it is known who is here. */
export function start() {
  waiting = recalled();
  for (const each of waiting) if (each.state !== "failed" && now() - each.sent_at > STALE) fail(each, "It could not be sent in time.");
  hear("message", ({ local_message_id: id, message }) => drop((each) => each.local_id === id || each.id === message.id));
  watch(["connection"], () => connection() === "online" && wake());
  addEventListener("storage", ({ key, newValue }) => newValue === null && drop((each) => name(each) === key));
  run();
}

/** @param {Destination} destination @param {string} content @returns {string} its local id. Throws when too many wait already. */
export function send(destination, content) {
  if (waiting.length >= MOST) throw new Error("Too many messages are waiting to be sent.");
  const made = /** @type {Pending} */ ({ local_id: unique(), content, destination, state: "sending", error: "", sent_at: now() });
  waiting.push(made);
  keep(made);
  run();
  return made.local_id;
}

/** All that is on its way, in the order in which it was written. @returns {readonly Pending[]} */
export const all = () => waiting;

/** @param {Destination} destination */
export const pending = (destination) => waiting.filter((each) => same(each.destination, destination));

/** Try a failed one again, or at once what waits. @param {string} localId */
export function retry(localId) {
  const found = waiting.find((each) => each.local_id === localId);
  if (found?.state === "failed") become(found, "waiting", "");
  run();
  wake();
}

/** @param {string} localId */
export function discard(localId) {
  drop((each) => each.local_id === localId);
}

async function run() {
  if (running) return;
  running = true;
  for (let next; (next = waiting.find((each) => each.state !== "failed" && !each.id)); ) await attempt(next);
  running = false;
}

/** @param {Pending} message */
async function attempt(message) {
  const { destination, content, local_id } = message;
  become(message, "sending", "");
  try {
    const { id } = await post("/messages", { ...addressed(destination), content, local_id, queue_id: queueId(), read_by_sender: true }, { headers: { "Idempotency-Key": local_id }, signal: AbortSignal.timeout(ANSWER) });
    failures = 0;
    sent(message, id);
  } catch (error) {
    await refused(message, /** @type {Error} */ (error));
  }
}

/** It is shown until its event is here, too. @param {Pending} message @param {number} id */
function sent(message, id) {
  message.id = id;
  forget(message);
  changed("outbox"); // where the message itself is shown already, this is not
  setTimeout(() => drop((each) => each === message), EVENT);
}

/** @param {Pending} message @param {Error} error */
async function refused(message, error) {
  if (!waiting.includes(message)) return; // discarded meanwhile
  if (isFinal(error)) return fail(message, error.message);
  become(message, "waiting", error.message);
  await pause(error instanceof ApiError ? (error.data["retry-after"] ?? 0) * 1000 : 0);
}

/** Nothing is gained by trying again. @param {Error} error */
function isFinal(error) {
  if (!(error instanceof ApiError) || error.status === 429 || error.status === 401) return false;
  return error.status < 500 || failures >= FAILURES;
}

/** @param {number} least milliseconds */
function pause(least) {
  const wait = Math.max(least, Math.min(LONGEST, 1000 * 2 ** failures++));
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, wait);
    wake = () => (clearTimeout(timer), resolve(undefined));
  });
}

/** @param {Pending} message @param {string} error */
function fail(message, error) {
  failures = 0;
  become(message, "failed", error);
}

/** @param {Pending} message @param {Pending["state"]} state @param {string} error */
function become(message, state, error) {
  Object.assign(message, { state, error });
  keep(message);
}

/** @param {(message: Pending) => boolean} which */
function drop(which) {
  const gone = waiting.filter(which);
  if (!gone.length) return;
  for (const each of gone) forget(each);
  waiting = waiting.filter((each) => !gone.includes(each));
  changed("outbox");
}

// -- this browser

const prefix = () => `outbox/${me.id()}/`;

/** @param {Pending} message */
const name = (message) => prefix() + message.local_id;

/** @param {Pending} message */
function keep(message) {
  changed("outbox");
  try {
    localStorage.setItem(name(message), JSON.stringify(message));
  } catch {
    // no room, or not allowed: it lives as long as the page
  }
}

/** @param {Pending} message */
function forget(message) {
  localStorage.removeItem(name(message));
}

/** @returns {Pending[]} */
function recalled() {
  const names = Object.keys(localStorage).filter((each) => each.startsWith(prefix()));
  return names.map((each) => JSON.parse(localStorage.getItem(each))).sort((a, b) => a.sent_at - b.sent_at);
}

const now = () => Math.floor(Date.now() / 1000);
const unique = () => [...crypto.getRandomValues(new Uint8Array(12))].map((each) => each.toString(16).padStart(2, "0")).join("");
