/** Telling what could not be sent, wherever one is by then. */

import { watch } from "../base/changes.js";
import * as outbox from "../live/outbox.js";
import { toast } from "../parts/toast.js";
import * as destinations from "../state/destination.js";

const told = /** @type {WeakSet<object>} */ (new WeakSet());

/** From now on. */
export function tellFailures() {
  watch(["outbox"], () => outbox.all().forEach(tell));
}

/** @param {import("../live/outbox.js").Pending} message */
function tell(message) {
  if (message.state !== "failed") told.delete(message);
  else if (!told.has(message)) say(message);
}

/** @param {import("../live/outbox.js").Pending} message */
function say(message) {
  const { destination, error } = message;
  told.add(message);
  toast(`Not sent to ${destinations.title(destination)}: ${error}`, { error: true, action: "Show", run: () => (location.hash = destinations.hash(destination)) });
}
