/** What a narrow is called. */

import * as channels from "../state/channels.js";
import * as destinations from "../state/destination.js";
import * as users from "../state/users.js";

/** @typedef {import("../base/place.js").Term} Term */

/** @type {Record<string, string>} */
const KINDS = {
  starred: "Starred messages",
  mentioned: "Mentions",
  dm: "Direct messages",
  private: "Direct messages",
  unread: "Unread messages",
  alerted: "Alert words",
  followed: "Followed topics",
  resolved: "Resolved topics",
};

/** @type {Record<string, (operand: any) => string>} */
const TITLES = {
  channel: (operand) => `#${typeof operand === "number" ? channels.name(operand) : operand}`,
  is: (operand) => KINDS[operand] ?? `is:${operand}`,
  sender: (operand) => `Messages of ${typeof operand === "number" ? users.name(operand) : operand}`,
  search: (operand) => `Search: ${operand}`,
};

/** @param {Term[]} terms */
export function titleOf(terms) {
  const destination = destinations.fromTerms(terms);
  if (destination) return destinations.title(destination);
  const telling = terms.filter(({ operator }) => operator !== "near" && operator !== "with");
  return telling.map(describe).join(", ") || "All messages";
}

/** @param {Term} term */
const describe = ({ operator, operand, negated }) => (negated ? "not " : "") + (TITLES[operator]?.(operand) ?? `${operator}: ${operand}`);
