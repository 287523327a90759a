/** People and bots. */

import { changed } from "../base/changes.js";

/**
 * @typedef {object} User as of the API
 * @property {number} user_id
 * @property {string} full_name
 * @property {string} email
 * @property {string | null} delivery_email
 * @property {number} role
 * @property {boolean} is_active
 * @property {boolean} is_bot
 * @property {number | null} bot_type
 * @property {number | null} [bot_owner_id]
 * @property {boolean} is_owner
 * @property {boolean} is_admin
 * @property {boolean} is_guest
 * @property {boolean} [is_system_bot]
 * @property {string} timezone
 * @property {string} date_joined
 * @property {string} avatar_url
 * @property {number} avatar_version
 * @property {Record<string, {value: string, rendered_value?: string}>} profile_data
 */

export const OWNER = 100, ADMIN = 200, MODERATOR = 300, MEMBER = 400, GUEST = 600;
/** @type {Record<number, string>} */
export const ROLES = { [OWNER]: "Owner", [ADMIN]: "Administrator", [MODERATOR]: "Moderator", [MEMBER]: "Member", [GUEST]: "Guest" };

const known = /** @type {Map<number, User>} */ (new Map());
const heard = /** @type {Map<number, number>} */ (new Map()); // user -> the newest message with them

/** @param {Record<string, any>} told */
export function load(told) {
  known.clear();
  for (const row of [...told.realm_users, ...told.realm_non_active_users, ...told.cross_realm_bots]) known.set(row.user_id, row);
  for (const { user_ids, max_message_id } of told.recent_private_conversations) for (const each of user_ids) hear(each, max_message_id);
  said();
}

export const events = {
  realm_user: (/** @type {any} */ { op, person }) => {
    if (op === "add") known.set(person.user_id, person);
    if (op === "update" && known.has(person.user_id)) known.set(person.user_id, { ...get(person.user_id), ...fields(person) });
    if (op === "remove") known.delete(person.user_id);
    said();
  },
  message: (/** @type {any} */ { message }) => {
    hear(message.sender_id, message.id);
    if (message.type === "private") for (const each of message.display_recipient) hear(each.id, message.id);
  },
};

/** Always a row: of who is unknown (out of a guest's sight), a placeholder. @param {number} userId @returns {User} */
export const get = (userId) => known.get(userId) ?? placeholder(userId);

/** @param {number} userId */
export const isKnown = (userId) => known.has(userId);

/** @param {number} userId */
export const name = (userId) => get(userId).full_name;

/** An address. @param {number} userId @param {boolean} [medium] larger */
export function picture(userId, medium = false) {
  const { avatar_url: url } = get(userId);
  return medium && /^\/avatar\/\d+$/.test(url) ? `${url}/medium` : url;
}

/** In words. @param {number} userId */
export const role = (userId) => (get(userId).is_bot ? "Bot" : (ROLES[get(userId).role] ?? "Member"));

/** All that are known, bots and deactivated ones among them, by name. */
export const all = () => (sorted ??= [...known.values()].sort(byName));

/** Who can be talked with, without bots, by name. */
export const people = () => all().filter((each) => each.is_active && !each.is_bot);

/** Bots that work, by name. */
export const bots = () => all().filter((each) => each.is_active && each.is_bot);

/**
 * Active people whose name or address fits, the best first: by how they match, then who was talked with last.
 * @param {string} text @param {number} [limit] @param {{bots?: boolean}} [options]
 */
export function search(text, limit = 10, { bots = true } = {}) {
  const asked = plain(text.trim());
  const found = [];
  for (const user of known.values()) {
    if (!user.is_active || (user.is_bot && !bots)) continue;
    const rank = fit(user, asked);
    if (rank < 4) found.push({ user, rank });
  }
  found.sort((one, other) => one.rank - other.rank || latest(other.user) - latest(one.user) || byName(one.user, other.user));
  return found.slice(0, limit).map((each) => each.user);
}

/** @type {User[] | null} */
let sorted = null;

function said() {
  sorted = null;
  changed("users");
}

/** Small letters without accents. @param {string} text */
export const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** 0 whole name, 1 its beginning, 2 a word's beginning, 3 in the address, 4 not at all. @param {User} user @param {string} asked */
function fit(user, asked) {
  const name = plainName(user);
  if (name === asked) return 0;
  if (name.startsWith(asked)) return 1;
  if (name.split(/[\s\-_.]+/).some((word) => word.startsWith(asked)) || name.includes(` ${asked}`)) return 2;
  return plain(user.delivery_email ?? user.email).startsWith(asked) ? 3 : 4;
}

const plainNames = /** @type {WeakMap<User, string>} */ (new WeakMap()); // a list of thousands is searched at each key

/** @param {User} user */
function plainName(user) {
  if (!plainNames.has(user)) plainNames.set(user, plain(user.full_name));
  return plainNames.get(user);
}

/** @param {User} user */
const latest = (user) => heard.get(user.user_id) ?? 0;

/** @param {number} userId @param {number} messageId */
const hear = (userId, messageId) => heard.set(userId, Math.max(messageId, heard.get(userId) ?? 0));

/** @param {User} one @param {User} other */
const byName = (one, other) => order.compare(one.full_name, other.full_name) || one.user_id - other.user_id;
const order = new Intl.Collator();

/** What an update says, as it stands in a row. @param {any} person */
function fields({ new_email, custom_profile_field: field, avatar_url_medium, avatar_source, ...told }) {
  const row = { ...told };
  if (new_email !== undefined) row.email = new_email;
  if (told.role !== undefined) Object.assign(row, { is_owner: told.role === OWNER, is_admin: told.role <= ADMIN, is_guest: told.role === GUEST });
  if (field) row.profile_data = profile(get(told.user_id).profile_data, field);
  return row;
}

/** @param {Record<string, any>} said @param {{id: number, value: string | null, rendered_value?: string}} field */
function profile(said, { id, ...value }) {
  const { [id]: _, ...others } = said ?? {};
  return value.value === null ? others : { ...others, [id]: value };
}

/** @param {number} userId @returns {User} */
function placeholder(userId) {
  return {
    user_id: userId, full_name: "Unknown user", email: "", delivery_email: null, role: MEMBER, is_active: false, is_bot: false, bot_type: null,
    is_owner: false, is_admin: false, is_guest: false, timezone: "", date_joined: "", avatar_url: `/avatar/${userId}`, avatar_version: 1, profile_data: {},
  };
}
