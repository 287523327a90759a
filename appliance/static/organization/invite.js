/** Inviting people: by mail, or by a link for whoever has it. */

import { post } from "../base/api.js";
import { h } from "../base/dom.js";
import { copied } from "../parts/copied.js";
import { openDialog } from "../parts/dialog.js";
import { choice, field, toggle } from "../parts/field.js";
import { openForm } from "../parts/form.js";
import { toast } from "../parts/toast.js";
import * as channels from "../state/channels.js";
import * as groups from "../state/groups.js";
import * as me from "../state/me.js";
import { told } from "../state/told.js";
import * as users from "../state/users.js";

const DAY = 24 * 60; // minutes
const LASTING = [
  { value: DAY, text: "a day" },
  { value: 3 * DAY, text: "3 days" },
  { value: 10 * DAY, text: "10 days" },
  { value: 30 * DAY, text: "30 days" },
  { value: 0, text: "ever" },
];

export function askForMails() {
  const addresses = h("textarea", { rows: 3, required: true, autofocus: true, placeholder: "ann@example.com, bob@example.com" });
  const terms = termsOf();
  openForm({
    title: "Invite by mail",
    body: [field("Addresses", addresses, "With commas between them, or one in each line."), ...terms.fields],
    action: "Invite",
    run: async () => {
      await post("/invites", { invitee_emails: addresses.value, ...terms.said() });
      toast("Invited");
    },
  });
}

export function askForLink() {
  const terms = termsOf();
  openForm({
    title: "A link to join",
    body: [h("p", null, "Anybody who has it can join."), ...terms.fields],
    action: "Make the link",
    run: async () => {
      const { invite_link: link } = await post("/invites/multiuse", terms.said());
      openDialog({ title: "The link", body: [copied("Link", link)] });
    },
  });
}

/** What somebody gets who accepts. */
function termsOf() {
  let minutes = 10 * DAY;
  let role = users.MEMBER;
  let defaults = true;
  const others = checks(
    "Also in channels",
    channels
      .all()
      .filter(offered)
      .map((each) => ({ id: each.stream_id, text: `#${each.name}` })),
  );
  const inGroups = checks("In groups", me.isAdmin() ? groups.named().map((each) => ({ id: each.id, text: each.name })) : []);
  const fields = [
    field(
      "They join as",
      choice(roles(), role, (value) => (role = value)),
    ),
    field(
      "Good for",
      choice(LASTING, minutes, (value) => (minutes = value)),
    ),
    toggle("They are put into the default channels", defaults, (checked) => (defaults = checked)),
    others.element,
    inGroups.element,
  ];
  // 0 minutes: for ever, which is null in JSON, and must be sent.
  const said = () => ({
    invite_expires_in_minutes: minutes || "null",
    invite_as: role,
    stream_ids: others.chosen(),
    include_realm_default_subscriptions: defaults,
    group_ids: inGroups.chosen(),
  });
  return { fields, said };
}

/** Default channels come by themselves. @param {import("../state/channels.js").Channel} channel */
const offered = (channel) => !channel.is_archived && channel.subscribed && !told("realm_default_streams").includes(channel.stream_id);

const roles = () => {
  const open = [users.MEMBER, users.GUEST, ...(me.isAdmin() ? [users.MODERATOR, users.ADMIN] : []), ...(me.isOwner() ? [users.OWNER] : [])];
  return open.map((value) => ({ value, text: users.ROLES[value] }));
};

/** @param {string} title @param {{id: number, text: string}[]} rows */
function checks(title, rows) {
  const chosen = /** @type {Set<number>} */ (new Set());
  const put = (/** @type {number} */ id, /** @type {boolean} */ checked) => (checked ? chosen.add(id) : chosen.delete(id));
  const boxes = rows.map(({ id, text }) => toggle(text, false, (checked) => put(id, checked)));
  const element = h("details", { class: "checks", hidden: rows.length === 0 }, h("summary", null, title), h("div", { class: "check-list" }, boxes));
  return { element, chosen: () => [...chosen] };
}
