/** Menus, each of which is fetched when it is wanted for the first time. */

import { failed } from "../parts/toast.js";

/** @param {Element} anchor @param {number} streamId */
export function channelMenu(anchor, streamId) {
  import("./channel_menu.js").then((it) => it.channelMenu(anchor, streamId)).catch(failed);
}

/** @param {Element} anchor @param {number} streamId @param {string} topic */
export function topicMenu(anchor, streamId, topic) {
  import("./topic_menu.js").then((it) => it.topicMenu(anchor, streamId, topic)).catch(failed);
}

/** Or unmute it. @param {number} streamId @param {string} topic */
export function muteTopic(streamId, topic) {
  import("./topic_menu.js").then((it) => it.muteTopic(streamId, topic)).catch(failed);
}

/** @param {HTMLElement} anchor */
export function ownMenu(anchor) {
  import("./own_menu.js").then((it) => it.ownMenu(anchor)).catch(failed);
}
