/**
 * Notices on the screen of what comes while the page is open, but not looked at. The service worker shows what is pushed
 * in the same way: a message that it has shown is not shown twice.
 */

import { rendered } from "../base/html.js";
import { parse } from "../base/place.js";
import { hear } from "../live/heard.js";
import { matches } from "../live/matching.js";
import { toast } from "../parts/toast.js";
import * as destination from "../state/destination.js";
import { setting } from "../state/told.js";
import * as users from "../state/users.js";
import { wanted } from "./decision.js";
import { registration } from "./service.js";
import { beep } from "./sound.js";

/** @typedef {import("../state/messages.js").Message} Message */

const LONGEST = 200; // characters of a message
const MINE = 10_000; // milliseconds for which the other tabs leave a message to the one that took it
const LATER = 300; // milliseconds that a tab in the background leaves to the one that is looked at
const ASKED = "asked-for-notices"; // in localStorage
const MOST = 50; // notices that are kept to be taken away

const shown = /** @type {Map<number, Notification>} */ (new Map()); // by this tab itself, where there is no worker

/** From now on. */
export function start() {
  hear("message", ({ message, flags }) => void consider({ ...message, flags }).catch(reportError));
  hear("delete_message", (event) => void takeAway(event.message_ids));
  hear("update_message_flags", (event) => {
    if (event.flag === "read" && event.op === "add") void takeAway(event.all ? null : event.messages);
  });
}

/** Ask the person whether they want notices. @returns {Promise<NotificationPermission>} */
export const ask = async () => ("Notification" in window ? Notification.requestPermission() : "denied");

/** @returns {NotificationPermission | "impossible"} */
export const permission = () => ("Notification" in window && isSecureContext ? Notification.permission : "impossible");

/** @param {Message} message */
async function consider(message) {
  const { screen, sound } = wanted(message);
  if (!screen && !sound) return;
  if (screen) offer();
  if (document.hidden || !document.hasFocus()) await new Promise((resolve) => setTimeout(resolve, LATER));
  await once(message.id, async () => {
    if (isLookedAt(message)) return;
    if (sound) beep();
    if (screen && permission() === "granted") await show(message);
  });
}

/** In one tab alone. @param {number} messageId @param {() => Promise<void>} run */
async function once(messageId, run) {
  if (!navigator.locks) return run();
  await navigator.locks.request(`notice-${messageId}`, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    await run();
    await new Promise((resolve) => setTimeout(resolve, MINE));
  });
}

/** @param {Message} message */
function isLookedAt(message) {
  if (document.hidden || !document.hasFocus()) return false;
  const { kind, terms } = parse(location.hash);
  return kind === "narrow" && matches(terms, message) === true;
}

/** @param {Message} message */
async function show(message) {
  const to = destination.of(message);
  const { title, body } = words(message, to);
  const data = { message_ids: [message.id], link: destination.hash(to) };
  const options = { body, data, tag: destination.key(to), icon: users.picture(message.sender_id), silent: true, renotify: true };
  const worker = await registration();
  if (!worker?.active) return showHere(title, options);
  const there = await worker.getNotifications();
  if (!there.some((each) => each.data?.message_ids.includes(message.id))) await worker.showNotification(title, options);
}

/** @param {string} title @param {NotificationOptions & {data: {message_ids: number[], link: string}}} options */
function showHere(title, options) {
  const notice = new Notification(title, options);
  const [messageId] = options.data.message_ids;
  shown.set(messageId, notice);
  if (shown.size > MOST) shown.delete(shown.keys().next().value);
  notice.onclose = () => shown.delete(messageId);
  notice.onclick = () => {
    window.focus();
    location.hash = options.data.link;
    notice.close();
  };
}

/** What was read elsewhere needs no notice any more. @param {number[] | null} messageIds null: all */
async function takeAway(messageIds) {
  const ids = messageIds && new Set(messageIds);
  for (const [id, notice] of shown) if (!ids || ids.has(id)) notice.close();
  const there = (await (await registration())?.getNotifications()) ?? [];
  for (const each of there) if (each.data && (!ids || each.data.message_ids.some((/** @type {number} */ id) => ids.has(id)))) each.close();
}

/** @param {Message} message @param {destination.Destination} to */
function words(message, to) {
  const sender = message.sender_full_name;
  if (to.type === "channel") return { title: destination.title(to), body: `${sender}: ${plain(message.content)}` };
  const text = setting("pm_content_in_desktop_notifications") ? plain(message.content) : "New direct message";
  return to.user_ids.length > 1 ? { title: destination.title(to), body: `${sender}: ${text}` } : { title: sender, body: text };
}

/** The text of a message, without what it hides. @param {string} html */
function plain(html) {
  const content = rendered(html);
  for (const each of content.querySelectorAll(".spoiler-content, .katex-html")) each.remove();
  for (const each of content.querySelectorAll("img[alt]")) each.replaceWith(/** @type {HTMLImageElement} */ (each).alt);
  const text = content.textContent.replace(/\s+/g, " ").trim();
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Once, when there would be something to show. */
function offer() {
  if (permission() !== "default" || localStorage.getItem(ASKED)) return;
  localStorage.setItem(ASKED, "yes");
  toast("Do you want to be told of new messages while this page is in the background?", { action: "Turn on", run: () => void ask() });
}
