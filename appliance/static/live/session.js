/** The browser's session: when it ends, here or elsewhere, the page is left. What one has begun to write stays in the browser. */

import { onSignedOut } from "../base/api.js";
import { hear } from "./heard.js";

let leaving = false;

/** From now on. */
export function start() {
  onSignedOut(leave);
  hear("realm", ({ op }) => op === "deactivated" && leave());
}

/** To where one signs in, and comes back from. */
function leave() {
  if (leaving) return;
  leaving = true;
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.hash)}`);
}
