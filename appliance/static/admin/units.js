/** Figures for people. */

import { h } from "../base/dom.js";
import { ago, full } from "../base/time.js";

const SIZES = ["bytes", "kB", "MB", "GB", "TB"];
const SPANS = /** @type {[string, number][]} */ ([["d", 86_400], ["h", 3600], ["min", 60], ["s", 1]]);

const whole = new Intl.NumberFormat();
const short = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });

/** "12,345". @param {number} number */
export const count = (number) => whole.format(number);

/** "1,000+": the server counts some things no further. @param {number} number @param {number} most */
export const counted = (number, most) => `${count(number)}${number >= most ? "+" : ""}`;

/** "1 client", "3 clients". @param {number} number @param {string} noun @param {string} [nouns] */
export const several = (number, noun, nouns = `${noun}s`) => `${count(number)} ${number === 1 ? noun : nouns}`;

/** "1.46 MB". @param {number} bytes */
export function size(bytes) {
  const step = bytes < 1000 ? 0 : Math.min(SIZES.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${short.format(bytes / 1000 ** step)} ${SIZES[step]}`;
}

/** "3.1/s"; "0/s" only where nothing happens. @param {number} perSecond */
export const rate = (perSecond) => `${perSecond > 0 && perSecond < 0.01 ? "<0.01" : short.format(perSecond)}/s`;

/** "12 %". @param {number} share of 1 */
export const percent = (share) => `${short.format(Math.round(share * 1000) / 10)} %`;

/** "3 d 4 h", "5 min", "12 s", "40 ms". @param {number} seconds */
export function span(seconds) {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  const at = SPANS.findIndex(([, length]) => seconds >= length);
  const [unit, length] = SPANS[at];
  const number = Math.floor(seconds / length);
  const [smaller, part] = SPANS[at + 1] ?? ["", Infinity];
  const rest = Math.floor((seconds % length) / part);
  return `${number} ${unit}${rest && number < 10 ? ` ${rest} ${smaller}` : ""}`;
}

/** "5 minutes ago", exact when it is pointed at. @param {number} moment seconds since the epoch */
export function when(moment) {
  return h("time", { datetime: new Date(moment * 1000).toISOString(), title: full(moment) }, ago(moment));
}
