/** Who is in a channel: putting people into it, and taking them out. */

import { post, remove } from "../base/api.js";
import { watch } from "../base/changes.js";
import * as channels from "../state/channels.js";
import * as groups from "../state/groups.js";
import * as me from "../state/me.js";
import * as members from "../state/members.js";
import * as users from "../state/users.js";
import { addingForm } from "./adding.js";
import { mayAdd, mayRemove } from "./channel_rights.js";
import { iconButton } from "./panel.js";
import { personList } from "./person_list.js";

const AT_ONCE = 500; // people in one request: the server's limit

/** @param {HTMLElement} panel @param {number} id */
export function show(panel, id) {
  if (mayAdd(channels.get(id))) panel.append(adding(id));
  const list = personList({
    label: "People in the channel",
    ids: () => members.of(id) && [...members.of(id)],
    action: (userId) => takingOut(id, userId),
  });
  panel.append(list.element);
  return watch(["members", "users", "channels", "groups"], list.draw);
}

/** @param {number} id */
const adding = (id) =>
  addingForm({
    except: (one) => one.kind === "person" && !!members.of(id)?.has(one.id),
    put: (chosen) => put(id, peopleOf(chosen)),
  });

/** Ids, once each: groups stand for those who are in them now. @param {import("./pills.js").Chosen[]} chosen */
export function peopleOf(chosen) {
  const ids = chosen.flatMap((each) => (each.kind === "person" ? [each.id] : groups.members(each.id)));
  return [...new Set(ids)].filter((each) => users.get(each).is_active);
}

/** @param {number} id @param {number[]} userIds */
async function put(id, userIds) {
  for (let at = 0; at < userIds.length; at += AT_ONCE) {
    await post("/users/me/subscriptions", { subscriptions: [{ name: channels.name(id) }], principals: userIds.slice(at, at + AT_ONCE) });
  }
}

/** Everybody may take out themselves, and their bots. @param {number} id @param {number} userId */
function takingOut(id, userId) {
  const own = userId === me.id() || users.get(userId).bot_owner_id === me.id();
  if (!own && !mayRemove(channels.get(id))) return false;
  const name = users.name(userId);
  return iconButton("close", `Take ${name} out`, () =>
    remove("/users/me/subscriptions", { subscriptions: [channels.name(id)], principals: [userId] }),
  );
}
