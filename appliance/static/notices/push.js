/** Pushes to this browser (Web Push): they come when the page is closed, too. Subject "pushes". */

import { get, post, remove } from "../base/api.js";
import { changed } from "../base/changes.js";
import * as me from "../state/me.js";
import { registration } from "./service.js";

const KEPT = "push-device"; // in localStorage: {device_id, user_id}, of the subscription that the server knows

/**
 * @returns {Promise<"impossible" | "denied" | "off" | "on">} impossible: this browser has none, or the page did not come
 *   by https; denied: the person has forbidden notices in the browser's settings
 */
export async function state() {
  if (!("PushManager" in window) || !(await registration())) return "impossible";
  if (Notification.permission === "denied") return "denied";
  return (await subscription()) && deviceId() ? "on" : "off";
}

/** Of this browser, among those of GET /appliance/devices; 0: none. @returns {number} */
export function deviceId() {
  const kept = JSON.parse(localStorage.getItem(KEPT) ?? "null");
  return kept?.user_id === me.id() ? kept.device_id : 0;
}

/** Rejects when the browser, its push service or the server does not want it. */
export async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") throw new Error("The browser has not allowed it");
  await subscribe();
}

export async function turnOff() {
  const found = await subscription();
  localStorage.removeItem(KEPT);
  if (!found) return;
  await remove("/appliance/web_push", { endpoint: found.endpoint }).catch(() => {}); // it may have forgotten it already
  await found.unsubscribe();
  changed("pushes");
}

/** At the start of the page: pushes for who was here before end, and those that were ended elsewhere; others go on with the server's key of now. */
export async function renew() {
  const found = await subscription();
  if (!found) return;
  const { devices } = await get("/appliance/devices");
  if (devices.some((/** @type {{id: number}} */ each) => each.id === deviceId())) await subscribe();
  else await found.unsubscribe();
}

/** A subscription for another key than the server's is of no use. */
async function subscribe() {
  const { application_server_key: key } = await get("/appliance/web_push");
  const { pushManager } = await registration();
  const old = await pushManager.getSubscription();
  if (old && encoded(old.options.applicationServerKey) !== key) await old.unsubscribe();
  await tell(await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
}

/** @param {PushSubscription} found */
async function tell(found) {
  const { endpoint, keys } = found.toJSON();
  const { device_id } = await post("/appliance/web_push", { endpoint, ...keys });
  localStorage.setItem(KEPT, JSON.stringify({ device_id, user_id: me.id() }));
  changed("pushes");
}

const subscription = async () => (await (await registration())?.pushManager?.getSubscription()) ?? null;

/** base64url. @param {ArrayBuffer | null} bytes */
const encoded = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes ?? new ArrayBuffer(0)))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
