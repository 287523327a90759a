/** How much is unread: in the tab's title and icon, and at the icon of the app where it is installed. */

import { watch } from "../base/changes.js";
import { h } from "../base/dom.js";
import { count as entitle } from "../base/title.js";
import { setting } from "../state/told.js";
import * as topics from "../state/topics.js";
import * as unread from "../state/unread.js";

const SIZE = 64; // pixels
const CALM = 300; // milliseconds in which several changes are drawn as one
const MOST = 99; // that an icon has room for

/** By the setting `desktop_icon_count_display`. @type {Record<number, () => number>} */
const COUNTS = {
  1: unread.total,
  2: () => meant() + followed(),
  3: meant,
  4: () => 0,
};

let planned = false;
let drawn = -1; // the number that all of it shows
let plain = ""; // the icon without a number

/** From now on. */
export function start() {
  plain = iconLink().href;
  watch(["unread", "settings", "topics", "channels"], plan);
  draw();
}

/** Direct messages and mentions. */
function meant() {
  return unread.directs().reduce((sum, each) => sum + each.count, unread.mentions());
}

/** Messages in followed topics that mention nobody in particular. */
function followed() {
  const channels = new Set(topics.all().map((each) => each.stream_id));
  const rows = [...channels].flatMap((id) => unread.topics(id).filter((each) => topics.policy(id, each.topic) === topics.FOLLOWED));
  return rows.reduce((sum, each) => sum + each.count - each.mentions, 0);
}

function plan() {
  if (!planned) setTimeout(draw, CALM);
  planned = true;
}

function draw() {
  planned = false;
  const count = COUNTS[setting("desktop_icon_count_display")]();
  if (count === drawn) return;
  const [before, text] = [iconText(drawn), iconText(count)];
  drawn = count;
  entitle(count);
  (count ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.())?.catch(() => {}); // not where it is not installed
  if (text !== before) drawIcon(text).catch(reportError);
}

/** @param {number} count */
const iconText = (count) => (count > MOST ? `${MOST}+` : count > 0 ? `${count}` : "");

const iconLink = () => /** @type {HTMLLinkElement} */ (document.querySelector('link[rel="icon"]'));

/** @param {string} text @returns {Promise<void>} */
async function drawIcon(text) {
  if (text) await drawCounted(text);
  else iconLink().href = plain;
}

/** @param {string} text */
async function drawCounted(text) {
  const image = h("img", { src: plain });
  await image.decode();
  if (text !== iconText(drawn)) return;
  const canvas = h("canvas", { width: SIZE, height: SIZE });
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0, SIZE, SIZE);
  drawNumber(context, text);
  iconLink().href = canvas.toDataURL();
}

/** @param {CanvasRenderingContext2D} context @param {string} text */
function drawNumber(context, text) {
  const { paper, ink } = colors();
  const width = text.length > 2 ? SIZE : text.length > 1 ? SIZE * 0.8 : SIZE * 0.6;
  context.fillStyle = paper;
  context.beginPath();
  context.roundRect(SIZE - width, SIZE * 0.4, width, SIZE * 0.6, SIZE * 0.3);
  context.fill();
  context.fillStyle = ink;
  context.font = `bold ${SIZE * 0.5}px sans-serif`;
  context.textAlign = "center";
  context.fillText(text, SIZE - width / 2, SIZE * 0.88);
}

/** Those of a count in the page. */
function colors() {
  const count = h("span", { class: "count", hidden: true });
  document.body.append(count);
  const { backgroundColor: paper, color: ink } = getComputedStyle(count);
  count.remove();
  return { paper, ink };
}
