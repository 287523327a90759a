/** Changing what is one's own, and saying that it was done. */

import { patch } from "../base/api.js";
import { failed } from "../parts/toast.js";

const SHOWN = 2000; // milliseconds

/**
 * Do it now; beside the section's title it says that it was done.
 * @param {() => Promise<unknown>} deed
 * @returns {Promise<boolean>} false: it was refused, and the person was told why
 */
export async function save(deed) {
  try {
    await deed();
  } catch (error) {
    failed(error);
    return false;
  }
  const said = document.querySelector(".settings-saved");
  if (said) said.textContent = "Saved";
  clearTimeout(timer);
  timer = setTimeout(() => said && (said.textContent = ""), SHOWN);
  return true;
}

/** One's own settings, name or address. @param {Record<string, any>} changes by name @returns {Promise<boolean>} as of `save` */
export const change = (changes) => save(() => patch("/settings", changes));

let timer = 0;
