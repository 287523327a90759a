/** Making a channel. */

import { get, post } from "../base/api.js";
import { watch } from "../base/changes.js";
import { h } from "../base/dom.js";
import { field, toggle } from "../parts/field.js";
import * as channels from "../state/channels.js";
import { channelHash } from "../state/destination.js";
import * as groups from "../state/groups.js";
import * as me from "../state/me.js";
import { realm, told } from "../state/told.js";
import { peopleOf } from "./channel_members.js";
import { PERMISSIONS } from "./channel_permissions.js";
import { PRIVACIES, privacyNamed } from "./channel_privacy.js";
import { mayCreate } from "./channel_rights.js";
import { groupChoice } from "./group_choice.js";
import { attempt, heading } from "./panel.js";
import { pills } from "./pills.js";

/** @typedef {Record<string, any>} Asked parameters of POST /users/me/subscriptions */

/** @param {HTMLElement} panel */
export function show(panel) {
  const name = nameField();
  const description = h("textarea", { rows: 2, maxlength: told("max_stream_description_length"), dir: "auto" });
  const isMe = (/** @type {import("./pills.js").Chosen} */ one) => one.kind === "person" && one.id === me.id();
  const people = pills({ label: "Add people or groups", withGroups: true, except: isMe, onchange: () => {} });
  const terms = termsFields();
  const create = h("button", { type: "submit", class: "primary" }, "Create");
  const fields = [field("Name", name), field("Description", description, "What it is for."), terms.privacy];
  const inside = h("div", { class: "field" }, h("strong", null, "People"), h("small", null, "You are in it anyway."), people.element);
  panel.append(heading("New channel"), h("form", { onsubmit: submit }, fields, inside, terms.others, h("p", null, create)));
  name.focus();

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    const given = { name: name.value.trim(), description: description.value.trim() };
    create.disabled = true;
    await attempt(() => make({ ...terms.asked(), subscriptions: [given], principals: [...peopleOf(people.chosen()), me.id()] }));
    create.disabled = false;
  }
}

/** It would join the channel that has the name already. */
function nameField() {
  const input = h("input", { type: "text", required: true, maxlength: told("max_stream_name_length"), dir: "auto", oninput: check });
  return input;

  function check() {
    const wanted = input.value.trim().toLowerCase();
    const taken = channels.all().some((each) => !each.is_archived && each.name.toLowerCase() === wanted);
    input.setCustomValidity(taken ? "There is a channel with this name already." : "");
  }
}

/** Who sees it, who may write in it, and who is told of it. */
function termsFields() {
  const open = PRIVACIES.filter((each) => mayCreate(each.isPrivate));
  const chosen = {
    privacy: open[0].value,
    announce: true,
    isDefault: false,
    posting: /** @type {import("./group_choice.js").Value} */ (everybody()),
  };
  const announce = toggle("Tell people that there is a new channel", true, (checked) => (chosen.announce = checked));
  const isDefault = toggle("Put newcomers into it", false, (checked) => (chosen.isDefault = checked));
  const more = h(
    "details",
    { class: "checks" },
    h("summary", null, "More"),
    posting((value) => (chosen.posting = value)),
    isDefault,
  );
  const privacy = privacies(open, chosen.privacy, (value) => ((chosen.privacy = value), fit()));
  fit();
  return { privacy, others: [more, announce], asked };

  function fit() {
    const { isPrivate } = privacyNamed(chosen.privacy);
    announce.hidden = isPrivate || realm("new_stream_announcements_stream_id") === -1;
    isDefault.hidden = isPrivate || !me.isAdmin();
  }

  /** @returns {Asked} */
  function asked() {
    const { isPrivate, history } = privacyNamed(chosen.privacy);
    return {
      invite_only: isPrivate,
      history_public_to_subscribers: history,
      can_send_message_group: chosen.posting,
      announce: chosen.announce && !announce.hidden,
      is_default_stream: chosen.isDefault && !isDefault.hidden,
    };
  }
}

/** @param {typeof PRIVACIES} open @param {string} chosen @param {(value: string) => void} onchange */
function privacies(open, chosen, onchange) {
  const rows = open.map(({ value, text, help }) => {
    const box = h("input", { type: "radio", name: "privacy", value, checked: value === chosen, onchange: () => onchange(value) });
    return h("label", { class: "radio" }, box, h("span", null, text, h("small", null, help)));
  });
  return h("fieldset", { class: "field" }, h("legend", null, "Who can see it"), rows);
}

/** @param {(value: import("./group_choice.js").Value) => void} onchange */
function posting(onchange) {
  const [{ name, label }] = PERMISSIONS;
  const control = groupChoice({ label, permission: told("server_supported_permission_settings").stream[name], onchange });
  control.show(everybody());
  return control.element;
}

/** The id of the group that may write in new channels. @returns {number} */
function everybody() {
  const usual = told("server_supported_permission_settings").stream.can_send_message_group.default_group_name;
  return groups.all().find((each) => each.name === usual).id;
}

/** Make it, and go there. @param {Asked} asked */
async function make(asked) {
  await post("/users/me/subscriptions", asked);
  const { stream_id: id } = await get("/get_stream_id", { stream: asked.subscriptions[0].name });
  await known(id);
  location.assign(channelHash(id));
}

/** Resolves when the event has come that tells of it. @param {number} id @returns {Promise<void>} */
function known(id) {
  return new Promise((resolve) => {
    const look = () => channels.isSubscribed(id) && (stop(), resolve());
    const stop = watch(["channels"], look);
    look();
  });
}
