/** Moments for people, in their language and time zone. Moments are Unix seconds. */

const DAY = 86_400;
const STEPS = /** @type {[number, Intl.RelativeTimeFormatUnit][]} */ ([
  [60, "second"],
  [60, "minute"],
  [24, "hour"],
  [30, "day"],
  [12, "month"],
  [Infinity, "year"],
]);

/** "14:05", or "2:05 PM". @param {number} seconds @param {boolean} [hours24] the setting `twenty_four_hour_time` */
export const clock = (seconds, hours24 = true) => format(seconds, { hour: "numeric", minute: "2-digit", hour12: !hours24 });

/** "Today", "Yesterday", "Friday, 5 May", with the year when it is another one. @param {number} seconds */
export function day(seconds) {
  const daysAgo = Math.round((midnight(Date.now() / 1000) - midnight(seconds)) / DAY);
  if (daysAgo === 0) return "Today";
  if (daysAgo === 1) return "Yesterday";
  const sameYear = new Date(seconds * 1000).getFullYear() === new Date().getFullYear();
  return format(seconds, { weekday: "long", day: "numeric", month: "long", year: sameYear ? undefined : "numeric" });
}

/** "Friday, 5 May 2026 at 14:05". @param {number} seconds @param {boolean} [hours24] */
export const full = (seconds, hours24 = true) =>
  format(seconds, { weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "numeric", minute: "2-digit", hour12: !hours24 });

/** "now", "5 minutes ago", "in 2 hours". @param {number} seconds */
export function ago(seconds) {
  let left = Math.round(seconds - Date.now() / 1000);
  if (Math.abs(left) < 10) return "now";
  for (const [size, unit] of STEPS) {
    if (Math.abs(left) < size) return relative.format(left, unit);
    left = Math.round(left / size);
  }
  return "";
}

/** Are these on the same day, where the reader is? @param {number} one @param {number} other seconds */
export const sameDay = (one, other) => midnight(one) === midnight(other);

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "always" });
const formats = /** @type {Map<string, Intl.DateTimeFormat>} */ (new Map()); // making one is slow

/** @param {number} seconds @param {Intl.DateTimeFormatOptions} options */
function format(seconds, options) {
  const key = JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(undefined, options));
  return formats.get(key).format(seconds * 1000);
}

/** @param {number} seconds when that day began */
const midnight = (seconds) => new Date(seconds * 1000).setHours(0, 0, 0, 0) / 1000;
