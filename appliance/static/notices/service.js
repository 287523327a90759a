/** The service worker (worker.js), where there can be one: on a page by https, or of this machine. */

import { workerAddress } from "../base/html.js";

/** @type {Promise<ServiceWorkerRegistration | null>} */
let worker = Promise.resolve(null);

/** Fetch it, and go where one wants to when a notice is pressed. */
export function start() {
  if (!navigator.serviceWorker) return;
  worker = register().catch(() => /** @type {null} */ (null));
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (data?.kind === "go") location.hash = data.hash;
  });
}

/** null: there is none, and will be none. */
export const registration = () => worker;

async function register() {
  await navigator.serviceWorker.register(workerAddress(), { scope: "/" });
  return navigator.serviceWorker.ready;
}
