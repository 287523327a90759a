/** Who may do what in the organization, as people see it. Rows as of realm_settings.js. */

/** @type {import("./realm_settings.js").Group[]} */
export const PERMISSIONS = [
  {
    title: "Inviting",
    rows: [
      { name: "can_invite_users_group", label: "Who may invite people by mail", kind: "group", owners: true },
      { name: "create_multiuse_invite_group", label: "Who may make links to join", kind: "group", owners: true },
    ],
  },
  {
    title: "Channels",
    rows: [
      { name: "can_create_public_channel_group", label: "Who may create public channels", kind: "group" },
      { name: "can_create_private_channel_group", label: "Who may create private channels", kind: "group" },
      { name: "can_add_subscribers_group", label: "Who may add people to channels", kind: "group" },
      {
        name: "can_mention_many_users_group",
        label: "Who may notify many people at once",
        help: "With @all, where more than 15 people are.",
        kind: "group",
      },
    ],
  },
  {
    title: "Messages",
    rows: [
      { name: "can_delete_own_message_group", label: "Who may delete their own messages", kind: "group" },
      { name: "can_delete_any_message_group", label: "Who may delete any message", kind: "group" },
      { name: "can_move_messages_between_topics_group", label: "Who may move messages to other topics", kind: "group" },
      { name: "can_move_messages_between_channels_group", label: "Who may move messages to other channels", kind: "group" },
      { name: "can_resolve_topics_group", label: "Who may resolve topics", kind: "group" },
    ],
  },
  {
    title: "Direct messages",
    rows: [
      { name: "direct_message_initiator_group", label: "Who may begin a direct conversation", kind: "group" },
      {
        name: "direct_message_permission_group",
        label: "Who may take part in direct messages",
        help: "At least one of the people in a conversation must be among these.",
        kind: "group",
      },
    ],
  },
  {
    title: "People, groups and bots",
    rows: [
      {
        name: "can_access_all_users_group",
        label: "Who can see all people",
        help: "Guests who cannot see only those who share a conversation with them.",
        kind: "group",
      },
      { name: "can_create_groups", label: "Who may create groups", kind: "group", owners: true },
      { name: "can_manage_all_groups", label: "Who may manage all groups", kind: "group", owners: true },
      { name: "can_create_bots_group", label: "Who may create bots of all kinds", kind: "group" },
      { name: "can_create_write_only_bots_group", label: "Who may create bots that only send messages", kind: "group" },
      { name: "can_add_custom_emoji_group", label: "Who may add emoji", kind: "group" },
    ],
  },
];
