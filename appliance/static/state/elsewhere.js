/** What is not kept here: who shows it asks the server again when it has changed. */

import { changed } from "../base/changes.js";

export const load = () => changed("invites", "exports", "attachments", "push_devices");

export const events = {
  invites_changed: () => changed("invites"),
  realm_export: () => changed("exports"),
  attachment: () => changed("attachments"),
  push_device: () => changed("push_devices"),
};
