/** Whether the server answers. Subject: "connection". */

import { changed } from "../base/changes.js";

/** @typedef {"online" | "reconnecting" | "offline"} State offline: the device says that it has no network */

const FIRST = 1000; // milliseconds before it is tried again; twice as long after each failure
const LONGEST = 30_000;
const TICK = 10_000;

let answers = true;
let changedAt = Date.now();
let failures = 0;
const wakers = /** @type {Set<(isOther: boolean) => void>} */ (new Set());

/** @returns {State} */
export const state = () => (!navigator.onLine ? "offline" : answers ? "online" : "reconnecting");

/** Milliseconds since 1970 when it became what it is. */
export const since = () => changedAt;

/** Try at once what waits for its next turn. @param {boolean} [isOther] the network is another: no connection lives */
export function retryNow(isOther = false) {
  for (const run of [...wakers]) run(isOther);
}

/**
 * `run` when the reader, the network or the device is back, and by `retryNow`.
 * @param {(isOther: boolean) => void} run @returns {() => void} ends that
 */
export function onWake(run) {
  wakers.add(run);
  return () => wakers.delete(run);
}

/** The server has answered. */
export function answered() {
  failures = 0;
  set(true);
}

/**
 * It has not. Resolves when it is time to try again: sooner when something wakes us.
 * @param {number} [least] milliseconds that the server has asked for; nothing makes that shorter
 */
export async function pause(least = 0) {
  set(false);
  const longest = Math.min(LONGEST, FIRST * 2 ** Math.min(failures++, 10));
  await sleep(least);
  await sleepOrWake(Math.max(0, longest * (0.5 + Math.random() / 2) - least));
}

/** @param {number} milliseconds */
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Resolves then, or when something wakes us. @param {number} milliseconds */
export function sleepOrWake(milliseconds) {
  return new Promise((resolve) => {
    const end = onWake(done);
    const timer = setTimeout(done, milliseconds);
    function done() {
      end();
      clearTimeout(timer);
      resolve(undefined);
    }
  });
}

/** @param {boolean} now */
function set(now) {
  if (answers === now) return;
  answers = now;
  changedAt = Date.now();
  changed("connection");
}

let ticked = Date.now();

/** A clock that jumps: the device has slept. */
function tick() {
  if (Date.now() - ticked > 3 * TICK) retryNow();
  ticked = Date.now();
}

setInterval(tick, TICK);
/** The device says that its network has come or gone. */
function switched() {
  changedAt = Date.now();
  changed("connection");
  if (navigator.onLine) retryNow(true);
}

addEventListener("online", switched);
addEventListener("offline", switched);
addEventListener("focus", () => retryNow());
document.addEventListener("visibilitychange", () => document.hidden || retryNow());
