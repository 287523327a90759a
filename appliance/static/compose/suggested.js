/** What is read now: messages go there unless another place is chosen. */

import { parse } from "../base/place.js";
import * as channels from "../state/channels.js";

/** @typedef {import("../state/destination.js").Destination} Destination */

let read = /** @type {Destination | null} */ (null);

/** null: no one conversation. */
export const suggested = () => read;

/** @param {Destination | null} destination */
export function become(destination) {
  read = destination;
}

/** Where all of a channel is read: a message there needs a topic. @returns {import("../state/destination.js").ToChannel | null} */
export function wholeChannel() {
  const [term, ...others] = parse(location.hash).terms;
  const isChannel = term?.operator === "channel" && !term.negated && !others.length && channels.get(term.operand);
  return isChannel ? { type: "channel", stream_id: term.operand, topic: "" } : null;
}
