/** What this browser does when a message comes: notices on the screen, pushes, the page as an app. */

import { watch } from "../base/changes.js";
import { fill, h } from "../base/dom.js";
import * as desktop from "../notices/desktop.js";
import { canInstall, install } from "../notices/install.js";
import * as push from "../notices/push.js";
import { failed } from "../parts/toast.js";
import { line } from "./line.js";
import { test } from "./push_test.js";

const INSECURE = "Only on a page by https://. The server's administrator can set that up.";

/** By what the browser says of notices. @type {Record<string, string>} */
const NOTICES = {
  granted: "On: you see what comes while this page is open, but not looked at.",
  default: "Not allowed yet.",
  denied: "Forbidden in this browser's settings for the page; allow notifications there.",
  impossible: INSECURE,
};

/** @type {Record<string, string>} */
const PUSHES = {
  on: "On: you hear of messages when the page is closed, too.",
  off: "Off.",
  denied: NOTICES.denied,
  impossible: isSecureContext ? "This browser takes no pushes. On an iPhone, add the page to the home screen first." : INSECURE,
};

/** @param {HTMLElement} root @returns {() => void} */
export function drawThisBrowser(root) {
  const draw = async () => {
    const [notices, pushes] = [desktop.permission(), await push.state()];
    fill(root, h("h3", null, "This browser"), noticeLine(notices, run), pushLine(pushes, run), canInstall() && installLine(run));
  };
  /** @param {() => Promise<unknown>} deed */
  const run = (deed) => deed().catch(failed).then(draw);
  draw().catch(failed);
  return watch(["install", "pushes"], draw);
}

/** @typedef {(deed: () => Promise<unknown>) => void} Run */

/** @param {string} state @param {Run} run */
function noticeLine(state, run) {
  return line("Notices on the screen", NOTICES[state], state === "default" && button("Turn on", "Turn on notices on the screen", () => run(desktop.ask)));
}

/** @param {string} state @param {Run} run */
function pushLine(state, run) {
  const on = button("Turn on", "Turn on pushes", () => run(push.turnOn));
  const off = button("Turn off", "Turn off pushes", () => run(push.turnOff));
  const tried = button("Test", "Test this browser", () => test(push.deviceId()));
  return line("Pushes", PUSHES[state], state === "on" && tried, state === "on" && off, state === "off" && on);
}

/** @param {Run} run */
const installLine = (run) => line("App", "The page in a window and with an icon of its own.", button("Install", "Install the app", () => run(install)));

/** @param {string} text @param {string} label @param {() => void} onclick */
const button = (text, label, onclick) => h("button", { type: "button", "aria-label": label, onclick }, text);
