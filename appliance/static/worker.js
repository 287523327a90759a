/**
 * The service worker: shows what is pushed, and says so when there is no connection. It keeps no files: the browser
 * does that, since their addresses have a digest.
 *
 * What a push has is in docs/api.md, "Pushes to browsers"; a notification's `data` is {message_ids, link}.
 */

const worker = /** @type {any} */ (self);
const API = "/api/v1/appliance/web_push";

worker.addEventListener("install", () => worker.skipWaiting());

worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(Promise.all([worker.clients.claim(), worker.registration.navigationPreload?.enable()]));
});

// Pushes

worker.addEventListener("push", (/** @type {any} */ event) => event.waitUntil(pushed(event.data?.json() ?? {})));

/** @param {{kind?: string, message_ids?: number[], title?: string, body?: string, tag?: string, link?: string, icon?: string}} push */
async function pushed(push) {
  const ids = push.message_ids ?? [];
  const shown = await takeAway(ids);
  if (push.kind === "remove" || (push.kind === "add" && (await isOnScreen()))) return badge();
  const data = { message_ids: ids, link: push.link ?? "/" };
  const again = shown > 0; // the page was quicker
  const looks = { body: push.body, icon: push.icon, tag: push.tag, badge: "/static/icon.png", renotify: !!push.tag && !again, silent: again };
  await worker.registration.showNotification(push.title ?? "New message", { ...looks, data });
  await badge();
}

/** The page tells of it in its own way. */
async function isOnScreen() {
  const windows = await worker.clients.matchAll({ type: "window" });
  return windows.some((/** @type {any} */ each) => each.visibilityState === "visible");
}

/** @param {number[]} messageIds @returns {Promise<number>} how many notices there were */
async function takeAway(messageIds) {
  const found = (await notices()).filter((each) => each.data?.message_ids.some((/** @type {number} */ id) => messageIds.includes(id)));
  for (const each of found) each.close();
  return found.length;
}

/** @returns {Promise<Notification[]>} */
const notices = () => worker.registration.getNotifications();

/** A mark at the app's icon while there are notices; the page puts the number there. */
async function badge() {
  const some = (await notices()).length > 0;
  await (some ? worker.navigator.setAppBadge?.() : worker.navigator.clearAppBadge?.())?.catch(() => {});
}

worker.addEventListener("notificationclick", (/** @type {any} */ event) => {
  event.notification.close();
  event.waitUntil(go(new URL(event.notification.data?.link ?? "/", worker.location.origin).hash));
});

/** In the window that was used last, or a new one. @param {string} hash of the page */
async function go(hash) {
  const [open] = (await worker.clients.matchAll({ type: "window" })).filter((/** @type {any} */ each) => new URL(each.url).pathname === "/");
  if (!open) return worker.clients.openWindow(`/${hash}`);
  open.postMessage({ kind: "go", hash });
  await open.focus();
}

worker.addEventListener("pushsubscriptionchange", (/** @type {any} */ event) => event.waitUntil(renew(event)));

/** The push service has given up the address. @param {{newSubscription?: PushSubscription}} event */
async function renew({ newSubscription }) {
  const { application_server_key: key } = await (await fetch(API, { headers: HEADERS })).json();
  const fresh = newSubscription ?? (await worker.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
  const { endpoint, keys } = fresh.toJSON();
  await fetch(API, { method: "POST", headers: HEADERS, body: new URLSearchParams({ endpoint, ...keys }) });
}

const HEADERS = { "X-Requested-With": "page" };

// No connection

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  if (event.request.mode === "navigate" && event.request.method === "GET") event.respondWith(page(event));
});

/** @param {any} event */
async function page(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return new Response(OFFLINE, { status: 503, headers: { "Content-Type": "text/html; charset=UTF-8", "Content-Security-Policy": "default-src 'none'" } });
  }
}

const OFFLINE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>No connection</title>
</head>
<body>
<h1>No connection</h1>
<p>The server cannot be reached now. What you have begun to write is kept in this browser.</p>
<p><a href="">Try again</a></p>
</body>
</html>
`;
