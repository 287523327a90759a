/** Putting the address of something into the clipboard. */

import { copy } from "../parts/clipboard.js";

/** @param {string} hash */
export function copyLink(hash) {
  copy(new URL(hash, location.origin + location.pathname).href, "Link copied.");
}
