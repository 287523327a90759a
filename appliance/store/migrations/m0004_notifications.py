"""What decides whether somebody is told, what may be told of, and the devices that it goes to."""

import apsw

SCHEMA = """
-- What a topic is to a person, where it differs from what the channel says (model/topic.py).
CREATE TABLE user_topic(
  user_id INTEGER NOT NULL,
  channel_id INTEGER NOT NULL,
  topic TEXT NOT NULL,
  topic_key TEXT NOT NULL,             -- lower case
  visibility_policy INTEGER NOT NULL,  -- 1 muted, 2 unmuted, 3 followed
  last_updated INTEGER NOT NULL,
  PRIMARY KEY (channel_id, topic_key, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_topic_user ON user_topic(user_id);

CREATE TABLE muted_user(
  user_id INTEGER NOT NULL,
  muted_user_id INTEGER NOT NULL,
  time INTEGER NOT NULL,
  PRIMARY KEY (muted_user_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX muted_user_user ON muted_user(user_id);

CREATE TABLE reaction(
  id INTEGER PRIMARY KEY,              -- their order
  message_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  emoji_name TEXT NOT NULL,
  emoji_code TEXT NOT NULL,
  reaction_type TEXT NOT NULL,
  UNIQUE (message_id, user_id, reaction_type, emoji_code)
) STRICT;

-- Groups that people make; those of the roles are computed (model/group.py). Ids begin above theirs.
CREATE TABLE user_group(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL DEFAULT '',
  creator_id INTEGER,
  date_created INTEGER NOT NULL,
  deactivated INTEGER NOT NULL DEFAULT 0,
  settings TEXT NOT NULL DEFAULT '{}'  -- JSON: who may mention, manage, join, … where it is not the default
) STRICT;
INSERT INTO sqlite_sequence(name, seq) VALUES ('user_group', 10);
CREATE TABLE user_group_member(
  group_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  PRIMARY KEY (group_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_group_member_user ON user_group_member(user_id);
CREATE TABLE user_group_subgroup(
  group_id INTEGER NOT NULL,
  subgroup_id INTEGER NOT NULL,        -- of either kind
  PRIMARY KEY (group_id, subgroup_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_group_subgroup_inside ON user_group_subgroup(subgroup_id);
CREATE INDEX user_role ON user(role);  -- who is in the groups of roles

-- Those who want to hear of every message of their channels: few, as it is not the default.
CREATE INDEX user_hears_all ON user(id) WHERE settings ->> 'enable_stream_push_notifications'
  OR settings ->> 'enable_stream_email_notifications';

-- Deleted messages, for as long as they can be restored, with the rows of their recipients.
CREATE TABLE archived_message(
  id INTEGER PRIMARY KEY,
  deleted INTEGER NOT NULL,            -- seconds
  deleted_by INTEGER,
  message TEXT NOT NULL,               -- JSON: its row
  rows TEXT NOT NULL                   -- JSON: [[user id, flags], …]
) STRICT;
CREATE INDEX archived_message_deleted ON archived_message(deleted);

-- Where pushes go (model/device.py). `token`: what the device is known by, secret.
CREATE TABLE device(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  token TEXT NOT NULL,
  keys TEXT NOT NULL DEFAULT '{}',     -- JSON: what is needed besides
  created INTEGER NOT NULL,
  last_used INTEGER NOT NULL,          -- when it was registered again, or got a push
  error TEXT,                          -- why the last push did not go through; NULL: it did
  leaving INTEGER NOT NULL DEFAULT 0,  -- taken away by the person; its row goes when the bouncer knows of it
  UNIQUE (user_id, kind, token)
) STRICT;
CREATE INDEX device_token ON device(kind, token);

-- How many pushes left on each of the last days (since the epoch), for the push service's statistics.
CREATE TABLE push_day(
  day INTEGER PRIMARY KEY,
  sent INTEGER NOT NULL
) STRICT;

CREATE TABLE user_activity(
  user_id INTEGER NOT NULL,
  client TEXT NOT NULL,
  query TEXT NOT NULL,                 -- method and path
  count INTEGER NOT NULL,
  last_visit INTEGER NOT NULL,
  PRIMARY KEY (user_id, client, query)
) STRICT, WITHOUT ROWID;
"""


def migrate(connection: apsw.Connection) -> None:
    connection.execute(SCHEMA)
