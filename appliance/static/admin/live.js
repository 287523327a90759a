/** Answers of the server that are asked for again and again, while somebody looks at the page. */

import { ApiError, get } from "../base/api.js";
import { changed } from "../base/changes.js";

const SHARE = 10; // an answer that takes long is asked for more seldom: so many times as long as it takes
const SLOWEST = 30_000; // milliseconds between two tries while the server does not answer

let trouble = "";

/** Why nothing is heard of the server, or "": subject "trouble". */
export const lost = () => trouble;

/**
 * Asks at once and then every so often; not while the page is hidden.
 * @param {string} path below /appliance/admin
 * @param {number} seconds
 * @param {(answer: Record<string, any>) => void} draw
 * @param {() => Record<string, any>} [params]
 * @returns {{again: () => void, stop: () => void}} `again`: ask now, as when the parameters have changed
 */
export function follow(path, seconds, draw, params = () => ({})) {
  let timer = 0;
  let turn = 0;
  let failures = 0;
  const stopping = new AbortController();

  async function ask() {
    clearTimeout(timer);
    if (document.hidden || stopping.signal.aborted) return;
    const mine = ++turn;
    const began = performance.now();
    const answer = await answered(path, params(), stopping.signal);
    if (mine !== turn || stopping.signal.aborted) return; // asked anew meanwhile
    failures = answer ? 0 : failures + 1;
    const pause = Math.max(seconds * 1000 * 2 ** failures, SHARE * (performance.now() - began));
    timer = setTimeout(ask, Math.min(SLOWEST, pause));
    if (answer) draw(answer);
  }

  document.addEventListener("visibilitychange", ask, { signal: stopping.signal });
  ask();
  return { again: ask, stop: () => (clearTimeout(timer), stopping.abort()) };
}

/** @param {string} path @param {Record<string, any>} params @param {AbortSignal} stopping @returns {Promise<Record<string, any> | null>} null: in vain */
async function answered(path, params, stopping) {
  try {
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(SLOWEST)]);
    const answer = await get(`/appliance/admin/${path}`, params, { signal });
    say("");
    return answer;
  } catch (error) {
    if (!stopping.aborted) say(error instanceof ApiError ? error.message : "The server does not answer. Trying again…");
    return null;
  }
}

/** @param {string} words */
function say(words) {
  if (words === trouble) return;
  trouble = words;
  changed("trouble");
}
