/**
 * Addresses inside the page, as Zulip's: "#narrow/channel/5-general/topic/lunch/near/12", "#inbox",
 * "#settings/profile". They stay good in both, and in mails.
 */

/** @typedef {{operator: string, operand: any, negated?: boolean}} Term */
/** @typedef {{kind: string, section: string[], terms: Term[]}} Place `terms` of kind "narrow", else `section` */

/** @param {string} hash @returns {Place} */
export function parse(hash) {
  const [kind = "", ...rest] = hash.replace(/^#\/?/, "").split("/");
  if (kind !== "narrow") return { kind, section: rest.map(decode), terms: [] };
  const terms = /** @type {Term[]} */ ([]);
  for (let at = 0; at + 1 < rest.length; at += 2) {
    const operator = decode(rest[at].replace(/^-/, ""));
    terms.push({ operator: ALIASES[operator] ?? operator, operand: operand(ALIASES[operator] ?? operator, decode(rest[at + 1])), negated: rest[at].startsWith("-") });
  }
  return { kind, section: [], terms };
}

/** @param {Term[]} terms operands of "channel" and "dm" are ids and lists of ids @param {(term: Term) => string} [slug] readable text of a term */
export function narrowed(terms, slug = () => "") {
  const parts = terms.map((term) => {
    const text = Array.isArray(term.operand) ? term.operand.join(",") : encode(String(term.operand));
    const readable = slug(term);
    return `${term.negated ? "-" : ""}${term.operator}/${text}${readable ? encode(`-${readable}`) : ""}`;
  });
  return `#narrow/${parts.join("/")}`;
}

/** @type {Record<string, string>} */
const ALIASES = { stream: "channel", streams: "channels", "pm-with": "dm", "group-pm-with": "dm-including", subject: "topic", from: "sender" };

/** @param {string} operator @param {string} text */
function operand(operator, text) {
  if (operator === "channel" || operator === "sender") return /^\d+(-|$)/.test(text) ? parseInt(text, 10) : text;
  if (operator === "dm" || operator === "dm-including") {
    const ids = text.replace(/-.*$/s, "");
    return /^\d+(,\d+)*$/.test(ids) ? ids.split(",").map(Number) : text;
  }
  if (operator === "id" || operator === "near" || operator === "with") return parseInt(text, 10);
  return text;
}

/** Zulip's own: percent-encoding with dots in place of percent signs. @param {string} text */
function encode(text) {
  return encodeURIComponent(text).replace(/[.!~*'()]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`).replaceAll("%", ".");
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text.replace(/%/g, "%25").replaceAll(".", "%"));
  } catch {
    return text; // not made by `encode`
  }
}
