/** Files that go into a message: they are uploaded at once, while one writes on. */

import { ApiError, NetworkError, identity } from "../base/api.js";
import { h } from "../base/dom.js";
import { icon } from "../base/icon.js";
import { checkSize } from "../parts/file_size.js";
import { failed, toast } from "../parts/toast.js";
import { told } from "../state/told.js";
import { insertBlock, replaceSilently } from "./text.js";

const ADDRESS = "/api/v1/user_uploads";
const MOST = 20; // at a time

/** @param {HTMLTextAreaElement} field @param {() => void} onchange how many are under way */
export function makeUploads(field, onchange) {
  const element = h("div", { class: "uploads", hidden: true });
  const running = /** @type {Set<string>} */ (new Set()); // what stands in the text for each

  /** @param {Iterable<File>} files */
  function add(files) {
    for (const file of files) {
      if (running.size >= MOST) return toast(`Up to ${MOST} files at a time.`, { error: true });
      begin(file).catch(failed);
    }
  }

  /** @param {File} file */
  async function begin(file) {
    checkSize(file, told("max_file_upload_size_mib"));
    const mark = unique(`[Uploading ${label(file.name)}…]()`, running);
    const { row, bar, cancel } = shown(file);
    running.add(mark);
    insertBlock(field, mark);
    element.append(row);
    drawn();
    let link = "";
    try {
      link = linked(await upload(file, cancel, (part) => (bar.value = part)));
    } catch (error) {
      if (!cancel.signal.aborted) throw error;
    } finally {
      become(mark, link);
      running.delete(mark);
      if (row.contains(document.activeElement)) field.focus();
      row.remove();
      drawn();
    }
  }

  /** @param {string} mark @param {string} link "": there is none */
  function become(mark, link) {
    const at = field.value.indexOf(mark);
    if (at < 0) return;
    const end = at + mark.length;
    replaceSilently(field, at, link || field.value[end] !== "\n" ? end : end + 1, link);
  }

  function drawn() {
    element.hidden = running.size === 0;
    onchange();
  }

  return { element, add, busy: () => running.size > 0 };
}

/** @param {File} file */
function shown(file) {
  const cancel = new AbortController();
  const bar = h("progress", { max: 1, value: 0, "aria-label": `Uploading ${file.name}` });
  const stop = h("button", { type: "button", class: "icon-button", "aria-label": `Cancel ${file.name}`, onclick: () => cancel.abort() }, icon("close"));
  return { row: h("div", { class: "upload" }, h("span", { dir: "auto" }, file.name || "Picture"), bar, stop), bar, cancel };
}

/**
 * @param {File} file @param {AbortController} cancel @param {(part: number) => void} onprogress from 0 to 1
 * @returns {Promise<{url: string, filename: string}>}
 */
function upload(file, cancel, onprogress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch does not tell how far it is
    const body = new FormData();
    body.append("file", file, file.name || `picture.${file.type.split("/")[1] ?? "png"}`);
    request.open("POST", ADDRESS);
    for (const [name, value] of Object.entries(identity())) request.setRequestHeader(name, value);
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => onprogress(total ? loaded / total : 0);
    request.onload = () => (request.status === 200 ? resolve(request.response) : reject(new ApiError(request.status, request.response ?? {})));
    request.onerror = () => reject(new NetworkError(`${file.name} could not be uploaded: the server does not answer.`));
    request.onabort = () => reject(new NetworkError("Cancelled"));
    cancel.signal.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

/** @param {{url: string, filename: string}} file */
const linked = ({ url, filename }) => `[${label(filename)}](${url})`;

/** A name as the text of a link. @param {string} name */
const label = (name) => name.replace(/[[\]\\\n]/g, "_");

/** @param {string} mark @param {Set<string>} others */
function unique(mark, others) {
  let made = mark;
  for (let number = 2; others.has(made); number++) made = mark.replace("…]", ` (${number})…]`);
  return made;
}
