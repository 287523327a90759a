/** One's own picture: another one, or none. */

import { remove, upload } from "../base/api.js";
import { watch } from "../base/changes.js";
import { h } from "../base/dom.js";
import { checkSize } from "../parts/file_size.js";
import * as me from "../state/me.js";
import { realm, told } from "../state/told.js";
import * as users from "../state/users.js";
import { save } from "./saving.js";

/** @param {HTMLElement} root @returns {() => void} */
export function drawPicture(root) {
  const image = h("img", { class: "avatar", alt: "Your picture", width: 96, height: 96 });
  const file = h("input", { type: "file", accept: "image/*", class: "unseen", tabindex: "-1", "aria-label": "A picture of you", onchange: chosen });
  const initials = h("button", { type: "button", onclick: () => save(() => remove("/users/me/avatar")) }, "Remove");
  const closed = realm("avatar_changes_disabled") && !me.isAdmin();
  const deeds = h("div", { class: "settings-deeds" }, h("button", { type: "button", onclick: () => file.click() }, "Another picture…"), initials, file);
  root.append(image, closed ? h("small", null, "In this organization, administrators change pictures.") : deeds);
  draw();
  return watch(["me", "users"], draw);

  function draw() {
    const address = users.picture(me.id(), true);
    if (image.getAttribute("src") !== address) image.src = address;
    initials.hidden = address.startsWith("/avatar/");
  }

  function chosen() {
    const [picture] = file.files;
    file.value = "";
    if (picture) save(() => send(picture));
  }
}

/** @param {File} picture */
async function send(picture) {
  checkSize(picture, told("max_avatar_file_size_mib"));
  await upload("/users/me/avatar", picture);
}
