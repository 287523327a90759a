/** How the page makes itself heard: what app.js starts when the state is there. */

import * as badge from "./badge.js";
import * as desktop from "./desktop.js";
import { renew } from "./push.js";
import * as service from "./service.js";

export function start() {
  service.start();
  badge.start();
  desktop.start();
  renew().catch(() => {}); // without network now: the next start does it
}
