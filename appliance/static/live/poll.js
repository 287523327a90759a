/** The event loop: register, then ask for events for ever. */

import { ApiError, NetworkError, actFor, get } from "../base/api.js";
import { apply, load } from "../state/state.js";
import * as connection from "./connection.js";
import { spread } from "./heard.js";
import { answer } from "./registration.js";

const SILENCE = 90_000; // milliseconds; heartbeats come every 45 to 55 seconds
const ASLEEP = 60_000; // the connection of a poll that is older may have died while the device slept
const AT_ONCE = 200; // events, before the page may draw

let queue = "";
let last = -1;

/** Of our event queue; it changes when that is gone. */
export const queueId = () => queue;

/** Resolves when the state is there; what happens is followed from then on. */
export async function start() {
  await lasting(register);
  follow();
}

async function register() {
  const told = await answer();
  actFor(told.user_id);
  load(told);
  queue = told.queue_id;
  last = told.last_event_id;
}

async function follow() {
  for (;;) await takeAll(await lasting(poll));
}

/** Events, once there are some. A queue that is gone, or that nothing more can be had from, is replaced. @returns {Promise<any[]>} */
async function poll() {
  try {
    return (await ask()).events;
  } catch (error) {
    if (isPassing(error)) throw error;
    if (!(error instanceof ApiError) || error.code !== "BAD_EVENT_QUEUE_ID") await connection.pause();
    await register();
    spread({ type: "renewed" });
    return [];
  }
}

async function ask() {
  const ending = new AbortController();
  const asked = Date.now();
  const isBack = connection.state() === "reconnecting"; // if it is, that is to be known at once, and not when something happens
  const timer = setTimeout(() => ending.abort(), SILENCE);
  const end = connection.onWake((isOther) => (isOther || Date.now() - asked > ASLEEP) && ending.abort());
  try {
    return await get("/events", { queue_id: queue, last_event_id: last, dont_block: isBack || null }, { signal: ending.signal });
  } finally {
    clearTimeout(timer);
    end();
  }
}

/** @param {any[]} events */
async function takeAll(events) {
  for (const [number, event] of events.entries()) {
    if (number % AT_ONCE === AT_ONCE - 1) await new Promise((resolve) => setTimeout(resolve));
    take(event);
  }
}

/** @param {any} event */
function take(event) {
  try {
    apply(event);
  } catch (error) {
    reportError(error); // the next ones may be right again
  }
  last = event.id;
  spread(event);
}

/**
 * Try until it is done, or the session has ended.
 * @template Done
 * @param {() => Promise<Done>} run
 * @returns {Promise<Done>}
 */
async function lasting(run) {
  for (;;) {
    try {
      const done = await run();
      connection.answered();
      return done;
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (isSignedOut(error)) await new Promise(() => {}); // the page is being left (session.js)
      await connection.pause(asked(error) * 1000);
    }
  }
}

/** @param {unknown} error */
const isPassing = (error) => error instanceof NetworkError || isSignedOut(error) || (error instanceof ApiError && (error.status === 429 || error.status >= 500));

/** @param {unknown} error */
const isSignedOut = (error) => error instanceof ApiError && error.status === 401;

/** Seconds that the server asks to wait. @param {unknown} error */
const asked = (error) => (error instanceof ApiError ? Number(error.data["retry-after"] ?? 0) : 0);
