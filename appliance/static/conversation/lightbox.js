/** Pictures of messages, as large as the window, one after the other. */

import { fill, h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { openDialog } from "../parts/dialog.js";

/** @param {HTMLElement} list has `.opens-picture` links @param {Element | null} chosen one of them; none: the last */
export function openPictures(list, chosen) {
  const links = /** @type {HTMLAnchorElement[]} */ ([...list.querySelectorAll("a.opens-picture")]);
  if (!links.length) return;
  let at = chosen ? links.indexOf(/** @type {HTMLAnchorElement} */ (chosen)) : links.length - 1;
  const picture = h("img", { class: "lightbox-picture", alt: "" });
  const caption = h("p", { class: "lightbox-caption", role: "status" });
  const before = turner("Picture before", "back", () => turn(-1));
  const after = turner("Next picture", "right", () => turn(1));
  const dialog = openDialog({ title: "Picture", body: [picture, caption], actions: [before, after, original(() => links[at].href)], wide: true });
  dialog.classList.add("lightbox");
  dialog.addEventListener("keydown", ({ key }) => turn({ ArrowLeft: -1, ArrowRight: 1 }[key] ?? 0));
  picture.addEventListener("error", () => (caption.textContent = "This picture can't be shown."));
  turn(0);

  /** @param {number} by */
  function turn(by) {
    if (!links[at + by]) return;
    at += by;
    const name = links[at].querySelector("img").alt;
    Object.assign(picture, { src: links[at].href, alt: name });
    fill(caption, h("span", { dir: "auto" }, name), links.length > 1 && ` · ${at + 1} of ${links.length}`);
    before.disabled = at === 0;
    after.disabled = at === links.length - 1;
  }
}

/** @param {string} label @param {string} name of an icon @param {() => void} run */
const turner = (label, name, run) => h("button", { class: "icon-button", type: "button", "aria-label": label, title: label, onclick: run }, icon(name));

/** @param {() => string} address */
const original = (address) => h("button", { type: "button", onclick: () => open(address(), "_blank", "noopener") }, icon("download"), "Open the original");
