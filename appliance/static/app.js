/** The page of a team: what opens at "/". */

import { fetchAhead } from "./base/ahead.js";
import { fill, h } from "./base/dom.js";
import { listen } from "./base/keys.js";
import * as compose from "./compose/compose.js";
import { sleepOrWake } from "./live/connection.js";
import { start } from "./live/poll.js";
import * as presence from "./live/presence.js";
import * as reload from "./live/reload.js";
import * as session from "./live/session.js";
import * as bar from "./navigation/bar.js";
import * as drawer from "./navigation/drawer.js";
import * as people from "./navigation/people_column.js";
import * as router from "./navigation/router.js";
import * as shortcuts from "./navigation/shortcuts.js";
import * as sidebar from "./navigation/sidebar.js";
import * as theme from "./navigation/theme.js";
import * as install from "./notices/install.js";

const AGAIN = 10_000; // milliseconds

const left = h("nav", { id: "sidebar", "aria-label": "Channels and conversations" });
const top = h("header", { id: "bar" });
const main = h("main", { id: "main", tabindex: "-1" });
const box = h("section", { id: "compose", "aria-label": "Write a message" });
const right = h("aside", { id: "people", "aria-label": "People" });

/** @param {Event} event */
function skip(event) {
  event.preventDefault(); // addresses after "#" are places of chat
  router.focus();
}

/** The server was gone at that moment. @returns {Promise<typeof import("./notices/notices.js")>} */
async function noticesLater() {
  await sleepOrWake(AGAIN);
  return import("./notices/notices.js").catch(noticesLater);
}

fill(
  document.body,
  h("div", { id: "app" }, h("a", { class: "skip", href: "#main", onclick: skip }, "Skip to the messages"), left, h("div", { id: "center" }, top, main, box), right),
);
listen();
install.start();
session.start();
await start();
presence.start();
reload.start();
theme.apply();
sidebar.mount(left);
bar.mount(top);
compose.mount(box);
people.mount(right);
drawer.listen();
shortcuts.add();
await router.start(main);
document.documentElement.dataset.ready = "";
fetchAhead();
import("./notices/notices.js").catch(noticesLater).then((notices) => notices.start());
