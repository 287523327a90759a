/** Invitations that wait to be accepted: those of oneself, and for administrators all. */

import { get, post, remove } from "../base/api.js";
import { watch } from "../base/changes.js";
import { h, keyed } from "../base/dom.js";
import { ago } from "../base/time.js";
import { copy } from "../parts/clipboard.js";
import { confirm } from "../parts/dialog.js";
import { failed, toast } from "../parts/toast.js";
import * as me from "../state/me.js";
import * as users from "../state/users.js";
import { askForLink, askForMails } from "./invite.js";
import { button, entry, heading, iconButton } from "./panel.js";

/**
 * @typedef {object} Invitation as of GET /invites
 * @property {number} id
 * @property {boolean} is_multiuse a link
 * @property {string} [email]
 * @property {string} [link_url]
 * @property {number | null} invited_by_user_id
 * @property {number} invited Unix seconds
 * @property {number | null} expiry_date Unix seconds
 * @property {number} invited_as
 */

/** @param {HTMLElement} panel */
export function show(panel) {
  const mails = me.may("can_invite_users_group") && button("Invite by mail…", askForMails, "primary");
  const link = me.may("create_multiuse_invite_group") && button("Make a link…", askForLink);
  const list = h("ul", { class: "entries", "aria-label": "Invitations" });
  const none = h("p", { class: "faint", hidden: true }, "Nobody is invited at the moment.");
  panel.append(heading("Invitations"), h("div", { class: "deeds" }, mails, link), list, none);
  let asked = 0;
  draw();
  return watch(["invites"], draw);

  function draw() {
    const mine = ++asked;
    get("/invites").then(({ invites }) => mine === asked && put(invites), failed);
  }

  /** @param {Invitation[]} invites */
  function put(invites) {
    none.hidden = invites.length > 0;
    keyed(list, invites, (each) => JSON.stringify(each), row);
  }
}

/** @param {Invitation} invitation */
function row(invitation) {
  const { is_multiuse: isLink, email, link_url: link, invited_by_user_id: inviter, invited_as: role } = invitation;
  const name = isLink ? "the link" : email;
  return entry({
    title: isLink ? "Link" : email,
    tags: [users.ROLES[role]],
    detail: [isLink && h("code", null, link), h("div", null, told(invitation, inviter))],
    actions: [
      isLink ? iconButton("copy", "Copy the link", () => copy(link)) : button("Send again", () => resend(invitation)),
      iconButton("bin", `Take back ${name}`, () => revoke(invitation, name)),
    ],
  });
}

/** @param {Invitation} invitation @param {number | null} inviter */
function told({ invited, expiry_date: expires }, inviter) {
  const by = inviter === null ? "" : ` by ${users.name(inviter)}`;
  return `Made${by} ${ago(invited)}, ${expires === null ? "good for ever" : `ends ${ago(expires)}`}`;
}

/** @param {Invitation} invitation */
async function resend({ id, email }) {
  await post(`/invites/${id}/resend`);
  toast(`Sent to ${email} again`);
}

/** @param {Invitation} invitation @param {string} name */
async function revoke({ id, is_multiuse: isLink }, name) {
  const text = "Nobody can join by it any more.";
  if (await confirm({ title: `Take back ${name}?`, text, action: "Take back", danger: true }))
    await remove(isLink ? `/invites/multiuse/${id}` : `/invites/${id}`);
}
