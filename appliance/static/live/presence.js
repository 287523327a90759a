/** Telling others that one is here, and hearing who else is. */

import { post } from "../base/api.js";
import * as presence from "../state/presence.js";
import { told } from "../state/told.js";

const IDLE = 5 * 60_000; // milliseconds without a key or a movement

let movedAt = Date.now();
let moved = true; // since it was told

/** From now on. */
export function start() {
  for (const each of ["keydown", "pointerdown", "pointermove", "wheel"]) addEventListener(each, notice, { passive: true, capture: true });
  document.addEventListener("visibilitychange", () => document.hidden || tell());
  tell();
  setInterval(tell, told("server_presence_ping_interval_seconds") * 1000);
}

function notice() {
  const wasAway = Date.now() - movedAt > IDLE;
  movedAt = Date.now();
  moved = true;
  if (wasAway) tell();
}

async function tell() {
  const here = !document.hidden && Date.now() - movedAt < IDLE;
  const params = { status: here ? "active" : "idle", new_user_input: moved, slim_presence: true, last_update_id: presence.lastUpdateId() };
  moved = false;
  await post("/users/me/presence", params).then(presence.take, () => {}); // the next one comes soon
}
