/** What the organization calls itself, its pictures, and closing it. */

import { patch, post, remove, upload } from "../base/api.js";
import { watch } from "../base/changes.js";
import { h } from "../base/dom.js";
import { choice, field } from "../parts/field.js";
import { checkSize } from "../parts/file_size.js";
import { openForm } from "../parts/form.js";
import * as me from "../state/me.js";
import { realm, told } from "../state/told.js";
import { attempt, button, explanation, heading, savedNotice } from "./panel.js";
import { KINDS } from "./realm_settings.js";

const MAX_NAME = 40,
  MAX_DESCRIPTION = 1000; // characters

/**
 * `most`: what register calls its limit.
 * @typedef {{name: string, title: string, help: string, path: string, params: Record<string, any>, most: string}} Picture
 */

/** @type {Picture[]} */
const PICTURES = [
  {
    name: "icon",
    title: "Icon",
    help: "Square; seen in tabs, on phones, and in mails.",
    path: "/realm/icon",
    params: {},
    most: "max_icon_file_size_mib",
  },
  { name: "logo", title: "Logo", help: "Wide, for light screens.", path: "/realm/logo", params: { night: false }, most: "max_logo_file_size_mib" },
  {
    name: "night_logo",
    title: "Logo on dark",
    help: "Wide, for dark screens.",
    path: "/realm/logo",
    params: { night: true },
    most: "max_logo_file_size_mib",
  },
];

/** @param {HTMLElement} panel */
export function show(panel) {
  panel.append(heading("Profile"));
  if (!me.isAdmin()) panel.append(explanation("Only administrators can change these."));
  panel.append(texts());
  const pictures = PICTURES.map(picture);
  panel.append(
    h(
      "section",
      { "aria-label": "Pictures" },
      h("h3", null, "Pictures"),
      pictures.map((each) => each.element),
    ),
  );
  if (me.isOwner()) panel.append(closing());
  return watch(["told"], () => pictures.forEach((each) => each.draw()));
}

function texts() {
  const disabled = !me.isAdmin();
  const name = h("input", { type: "text", required: true, maxlength: MAX_NAME, dir: "auto", value: realm("name"), disabled });
  const description = h("textarea", { rows: 4, maxlength: MAX_DESCRIPTION, dir: "auto", value: realm("description"), disabled });
  let kind = realm("org_type");
  const kinds = choice(KINDS, kind, (value) => (kind = value));
  kinds.disabled = disabled;
  const saved = savedNotice();
  const save = h("button", { type: "submit", class: "primary" }, "Save");
  const fields = [field("Name", name), field("What it is for", description, "Markdown; newcomers see it before they join."), field("Kind", kinds)];
  return h("form", { onsubmit: store }, fields, !disabled && h("p", null, save, " ", saved.element));

  /** @param {SubmitEvent} event */
  function store(event) {
    event.preventDefault();
    attempt(async () => {
      await patch("/realm", { name: name.value.trim(), description: description.value, org_type: kind });
      saved.show();
    });
  }
}

/** @param {Picture} asked */
function picture({ name, title, help, path, params, most }) {
  const image = h("img", { class: ["realm-picture", name === "night_logo" && "on-dark"], alt: title });
  const none = h("p", { class: "faint" }, "None");
  const file = h("input", {
    type: "file",
    accept: "image/*",
    "aria-label": `${title}: choose a picture`,
    hidden: true,
    onchange: () => attempt(send),
  });
  const drop = button("Remove", () => remove(path, params), "danger");
  const tools = h(
    "p",
    null,
    button("Upload…", () => file.click()),
    " ",
    drop,
    file,
  );
  const limit = `At most ${told(most)} MiB.`;
  const element = h(
    "div",
    { class: "picture-choice" },
    h("div", null, h("strong", null, title), h("small", null, `${help} ${limit}`)),
    image,
    none,
    me.isAdmin() && tools,
  );
  draw();
  return { element, draw };

  function draw() {
    const own = realm(`${name}_source`) === "U" && !realm(`${name}_url`).includes("/static/");
    image.src = new URL(realm(`${name}_url`), location.href).pathname;
    image.hidden = !own && name !== "icon";
    none.hidden = !image.hidden;
    drop.hidden = !own;
  }

  async function send() {
    const [chosen] = file.files;
    file.value = "";
    checkSize(chosen, told(most));
    await upload(path, chosen, params);
  }
}

function closing() {
  const text = "Nobody will be able to sign in, and all are signed out. Who runs the server can open it again.";
  return h(
    "section",
    { "aria-label": "Closing" },
    h("h3", null, "Close the organization"),
    explanation(text),
    button("Close the organization…", ask, "danger"),
  );

  function ask() {
    const name = h("input", { type: "text", required: true, autocomplete: "off", autofocus: true });
    openForm({
      title: "Close the organization?",
      body: [h("p", null, text), field(`To go on, write its name: ${realm("name")}`, name)],
      action: "Close it",
      danger: true,
      run: async () => {
        if (name.value.trim() !== realm("name")) throw new Error("That is not its name.");
        await post("/realm/deactivate");
      },
    });
  }
}
