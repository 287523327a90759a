/** Putting a text where it can be pasted from. */

import { failed, toast } from "./toast.js";

/** @param {string} text @param {string} [said] when it is done */
export function copy(text, said = "Copied.") {
  if (!navigator.clipboard) return failed("This browser lets no page copy over plain HTTP."); // only where it is secure
  navigator.clipboard.writeText(text).then(() => toast(said), failed);
}
