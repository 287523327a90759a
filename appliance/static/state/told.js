/** What the server has told of itself, the organization and one's own settings. */

import { changed } from "../base/changes.js";

/** @type {Record<string, any>} */
let answer = { user_settings: {} };

/** @param {Record<string, any>} told */
export function load(told) {
  answer = { ...told, user_settings: { ...told.user_settings } };
  changed("told", "settings");
}

/** @param {string} key of the answer of POST /register that no other module keeps, as it is now */
export const told = (key) => answer[key];

/** One's own setting. @param {string} name */
export const setting = (name) => answer.user_settings[name];

/** A setting of the organization. @param {string} name without "realm_" */
export const realm = (name) => answer[`realm_${name}`];

export const events = {
  realm: (/** @type {any} */ event) => {
    if (event.op === "update") put({ [event.property]: event.value });
    if (event.op === "update_dict") put(event.data);
  },
  user_settings: (/** @type {any} */ event) => {
    answer.user_settings[event.property] = event.value;
    changed("settings");
  },
  realm_user_settings_defaults: (/** @type {any} */ event) => {
    answer.realm_user_settings_defaults = { ...answer.realm_user_settings_defaults, [event.property]: event.value };
    changed("told");
  },
  default_streams: (/** @type {any} */ event) => replace("realm_default_streams", event.default_streams),
  realm_domains: (/** @type {any} */ event) => {
    const changing = event.realm_domain?.domain ?? event.domain;
    const others = answer.realm_domains.filter((/** @type {any} */ each) => each.domain !== changing);
    replace("realm_domains", event.op === "remove" ? others : [...others, event.realm_domain]);
  },
  restart: (/** @type {any} */ event) => {
    for (const name of ["zulip_version", "zulip_merge_base", "zulip_feature_level", "server_generation"]) answer[name] = event[name];
    changed("told");
  },
};

/** Some settings go without "realm_" in the answer. @param {Record<string, any>} settings */
function put(settings) {
  for (const [name, value] of Object.entries(settings)) answer[name in answer ? name : `realm_${name}`] = value;
  changed("told");
}

/** @param {string} key @param {any} value */
function replace(key, value) {
  answer[key] = value;
  changed("told");
}
