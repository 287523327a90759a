/** Telling others that one is typing. */

import { post } from "../base/api.js";
import * as destinations from "../state/destination.js";
import { setting, told } from "../state/told.js";

/** @type {destinations.Destination | null} */
let where = null;
let toldAt = 0;
let timer = 0;

/** At every key that changes the text; null: it was sent, or is empty. @param {destinations.Destination | null} destination */
export function typing(destination) {
  if (!destinations.same(where, destination)) stop();
  if (destination === null || !wanted(destination)) return;
  where = destination;
  if (Date.now() - toldAt > told("server_typing_started_wait_period_milliseconds")) tell("start");
  clearTimeout(timer);
  timer = setTimeout(stop, told("server_typing_stopped_wait_period_milliseconds"));
}

function stop() {
  if (where) tell("stop");
  clearTimeout(timer);
  where = null;
  toldAt = 0;
}

/** Nobody misses a notice that was lost. @param {"start" | "stop"} op */
function tell(op) {
  toldAt = Date.now();
  post("/typing", { op, ...place(where) }).catch(() => {});
}

/** @param {destinations.Destination} destination */
function place(destination) {
  if (destination.type === "channel") return { type: "stream", stream_id: destination.stream_id, topic: destination.topic };
  return { type: "direct", to: destination.user_ids };
}

/** Do the settings let others know? @param {destinations.Destination} destination */
function wanted(destination) {
  if (destination.type === "channel") return setting("send_stream_typing_notifications");
  return destination.user_ids.length > 0 && setting("send_private_typing_notifications");
}
