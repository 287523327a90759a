/** Dialogs that make a bot, and change one. */

import { get, patch, post } from "../base/api.js";
import { h } from "../base/dom.js";
import { INCOMING, KINDS, mayMakeAll, OUTGOING } from "../parts/bot_kind.js";
import { choice, field } from "../parts/field.js";
import { openForm } from "../parts/form.js";
import * as users from "../state/users.js";
import { openBotKey } from "./bot_key.js";

/** @typedef {import("../state/bots.js").Bot} Bot */

const INTERFACES = [
  { value: 1, text: "Zulip's" },
  { value: 2, text: "Slack's" },
];

export function openNewBot() {
  const kinds = KINDS.filter((each) => mayMakeAll() || each.value === INCOMING);
  let [{ value: kind }] = kinds;
  let [{ value: speech }] = INTERFACES;
  const name = h("input", { required: true, maxlength: 100, dir: "auto" });
  const short = h("input", { required: true, maxlength: 40, pattern: "[A-Za-z0-9._+\\-]+", autocapitalize: "none" });
  const address = h("input", { type: "url", placeholder: "https://", maxlength: 1000 });
  const calls = field("Address that is called", address, "With each message that mentions the bot, or is sent to it.");
  const webhook = h("div", null, calls, field("Form of the calls", choice(INTERFACES, speech, (value) => (speech = value))));
  const choose = choice(kinds, kind, (value) => ((kind = value), follow()));
  const follow = () => {
    webhook.hidden = kind !== OUTGOING;
    address.required = kind === OUTGOING;
  };
  follow();
  openForm({
    title: "A new bot",
    body: [field("Kind", choose), field("Name", name), field("Short name", short, "Of its address: build becomes build-bot@…"), webhook],
    action: "Make it",
    run: async () => {
      const asked = { full_name: name.value.trim(), short_name: short.value.trim(), bot_type: kind };
      const service = kind === OUTGOING && { payload_url: address.value.trim(), interface_type: speech };
      const { user_id: made } = await post("/bots", { ...asked, ...service });
      const { bots } = await get("/bots");
      openBotKey(bots.find((/** @type {Bot} */ each) => each.user_id === made));
    },
  });
}

/** @param {Bot} bot */
export function openEditBot(bot) {
  const [service] = bot.services ?? [];
  let owner = bot.owner_id;
  const name = h("input", { required: true, maxlength: 100, dir: "auto", value: bot.full_name });
  const address = h("input", { type: "url", required: true, maxlength: 1000, value: service?.base_url ?? "" });
  const people = users.people().map((each) => ({ value: each.user_id, text: each.full_name }));
  const whose = field("Owner", choice(people, owner, (value) => (owner = value)), "It is theirs alone then.");
  openForm({
    title: `Change ${bot.full_name}`,
    body: [field("Name", name), whose, service && field("Address that is called", address)],
    action: "Save",
    run: () =>
      patch(`/bots/${bot.user_id}`, {
        full_name: name.value.trim(),
        bot_owner_id: owner === bot.owner_id ? null : owner,
        service_payload_url: service && address.value !== service.base_url ? address.value.trim() : null,
      }),
  });
}
