/** Pictures, films and cards of links in messages. */

import { h } from "../base/dom.js";

const CARD = /^background-image: url\("(https?:\/\/[^"]+)"\)/;

/** @param {HTMLElement} element `.message_inline_image` */
export function picture(element) {
  const anchor = element.querySelector("a");
  const image = element.querySelector("img");
  const video = element.querySelector("video");
  const name = anchor?.title || fileName(anchor?.href ?? "");
  if (video) return film(element, video, name);
  if (!image || !anchor) return;
  image.alt = name;
  image.loading = "lazy";
  if (isElsewhere(element)) return;
  keepRoom(image);
  anchor.classList.add("opens-picture");
}

/** A video of another site is opened there. @param {HTMLElement} element */
const isElsewhere = (element) => element.matches(".youtube-video, .embed-video");

/** @param {HTMLElement} element @param {HTMLVideoElement} video @param {string} name */
function film(element, video, name) {
  Object.assign(video, { controls: true, preload: "metadata" });
  video.setAttribute("aria-label", name);
  element.replaceChildren(video);
}

/** The size is known before the picture has come: nothing jumps. @param {HTMLImageElement} image */
function keepRoom(image) {
  const size = /^(\d+)x(\d+)$/.exec(image.dataset.originalDimensions ?? "");
  if (size) [image.width, image.height] = [Number(size[1]), Number(size[2])];
}

/** @param {string} address */
function fileName(address) {
  try {
    return decodeURIComponent(new URL(address).pathname.split("/").pop());
  } catch {
    return ""; // not an address, or not encoded as one
  }
}

/** @param {HTMLElement} element `.message_embed_image`, whose style names the picture */
export function card(element) {
  const address = CARD.exec(element.dataset.style ?? "")?.[1];
  element.tabIndex = -1; // the title beside it leads to the same place
  element.setAttribute("aria-hidden", "true");
  if (address) element.append(h("img", { src: address, alt: "", loading: "lazy" }));
}
