/** The organization's own emoji. */

import { get, remove, upload } from "../base/api.js";
import { watch } from "../base/changes.js";
import { h, keyed } from "../base/dom.js";
import { confirm } from "../parts/dialog.js";
import { field } from "../parts/field.js";
import { checkSize } from "../parts/file_size.js";
import { openForm } from "../parts/form.js";
import { failed } from "../parts/toast.js";
import * as me from "../state/me.js";
import * as users from "../state/users.js";
import { button, entry, heading, iconButton } from "./panel.js";

const MAX_NAME = 60,
  MAX_MIB = 5;

/** @typedef {{id: string, name: string, source_url: string, author_id: number | null, deactivated: boolean}} Emoji */

/** @param {HTMLElement} panel */
export function show(panel) {
  const add = me.may("can_add_custom_emoji_group") && button("Add an emoji…", ask, "primary");
  const list = h("ul", { class: "entries", "aria-label": "Emoji" });
  const none = h("p", { class: "faint", hidden: true }, "No emoji of your own yet.");
  panel.append(heading("Emoji"), h("div", { class: "deeds" }, add), list, none);
  draw();
  return watch(["emoji"], draw);

  function draw() {
    get("/realm/emoji").then(({ emoji }) => put(Object.values(emoji)), failed);
  }

  /** @param {Emoji[]} all */
  function put(all) {
    const open = all.filter((each) => !each.deactivated).sort((one, other) => one.name.localeCompare(other.name));
    none.hidden = open.length > 0;
    keyed(list, open, (each) => each.id, row);
  }
}

/** @param {Emoji} emoji */
function row(emoji) {
  const mine = me.isAdmin() || emoji.author_id === me.id();
  return entry({
    picture: h("img", { class: "emoji-picture", src: emoji.source_url, alt: "", loading: "lazy" }),
    title: `:${emoji.name}:`,
    detail: emoji.author_id === null ? "" : `Added by ${users.name(emoji.author_id)}`,
    actions: [mine && iconButton("bin", `Remove :${emoji.name}:`, () => drop(emoji))],
  });
}

/** @param {Emoji} emoji */
async function drop({ name }) {
  const text = "Messages and reactions that have it keep it.";
  if (await confirm({ title: `Remove :${name}:?`, text, action: "Remove", danger: true })) await remove(`/realm/emoji/${encodeURIComponent(name)}`);
}

function ask() {
  const file = h("input", { type: "file", accept: "image/*", required: true, onchange: suggest });
  const name = h("input", {
    type: "text",
    required: true,
    maxlength: MAX_NAME,
    pattern: "[0-9a-zA-Z _.\\-]*[0-9a-zA-Z]",
    title: "Letters a to z, digits, blanks, hyphens, dots; no sign at the end",
  });
  const look = h("img", { class: "emoji-preview", alt: "", hidden: true });
  openForm({
    title: "Add an emoji",
    body: [
      field("Picture", file, `At most ${MAX_MIB} MiB; small pictures look best.`),
      look,
      field("Name", name, "It is written :name: in messages."),
    ],
    action: "Add",
    run: send,
  });

  function suggest() {
    const [chosen] = file.files;
    if (look.src) URL.revokeObjectURL(look.src);
    look.hidden = !chosen;
    if (!chosen) return;
    look.src = URL.createObjectURL(chosen);
    name.value ||= chosen.name
      .replace(/\.[^.]*$/, "")
      .toLowerCase()
      .replace(/[^0-9a-z]+/g, "_")
      .replace(/^_|_$/g, "")
      .slice(0, MAX_NAME);
  }

  async function send() {
    const [chosen] = file.files;
    checkSize(chosen, MAX_MIB);
    await upload(`/realm/emoji/${encodeURIComponent(name.value.trim())}`, chosen);
  }
}
