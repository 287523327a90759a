/** Modules that the first view does without: they are fetched when they are wanted, or before when there is nothing else to do. */

/** @typedef {() => Promise<any>} Fetch */

const LATER = 1000; // milliseconds
/** Safari has no such thing. @type {(run: () => void) => void} */
const whenIdle = window.requestIdleCallback ?? ((run) => setTimeout(run, LATER));
const waiting = /** @type {Fetch[]} */ ([]);

/** @template {Fetch} Import @param {Import} fetch () => import(…) @returns {Import} */
export function ahead(fetch) {
  waiting.push(fetch);
  return fetch;
}

/** The page works: what is left has time. */
export function fetchAhead() {
  for (const fetch of waiting.splice(0)) whenIdle(() => fetch().catch(() => {})); // it is tried again when it is wanted
}
