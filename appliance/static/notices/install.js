/** The page as an app of its own: the browser says when that can be. Subject "install". */

import { changed } from "../base/changes.js";

/** @type {any} */
let offered = null;

/** From now on. */
export function start() {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault(); // no bar of the browser's: it is offered in the settings
    put(event);
  });
  addEventListener("appinstalled", () => put(null));
}

export const canInstall = () => offered !== null;

export async function install() {
  await offered.prompt();
  put(null);
}

/** @param {any} event */
function put(event) {
  offered = event;
  changed("install");
}
