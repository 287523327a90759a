/** What the page asks for while most of its modules are on their way still. */

import { begin } from "./live/registration.js";

begin();
if (/^#(narrow|feed)\b/.test(location.hash)) import("./conversation/conversation.js").catch(() => {}); // the router fetches it, too
