/** Somebody's picture. */

import { h } from "../base/dom.js";
import * as users from "../state/users.js";

/** Decoration beside the name. @param {number} userId @param {number} [size] pixels */
export function avatar(userId, size = 36) {
  return h("img", { class: "avatar", src: users.picture(userId), alt: "", width: size, height: size, loading: "lazy" });
}
