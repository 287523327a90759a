/** Lists whose order people choose, a step at a time. */

import { iconButton } from "./panel.js";

/**
 * The buttons of one row.
 * @param {{name: string, ids: () => number[], id: number, save: (ids: number[]) => Promise<unknown>}} asked
 *   `name` of the row; `ids`: all, in their order
 * @returns {HTMLElement[]}
 */
export function steps({ name, ids, id, save }) {
  const up = iconButton("up", `Move ${name} up`, () => step(up, -1));
  const down = iconButton("down", `Move ${name} down`, () => step(down, 1));
  return [up, down];

  /** @param {HTMLElement} pressed @param {-1 | 1} by */
  async function step(pressed, by) {
    const order = ids();
    const at = order.indexOf(id);
    if (!(at + by in order)) return;
    [order[at], order[at + by]] = [order[at + by], order[at]];
    await save(order);
    // The row is moved when the server says so, and an element that moves loses the focus.
    setTimeout(() => pressed.isConnected && pressed.focus(), REFOCUS);
  }
}

const REFOCUS = 300; // milliseconds
