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
  subgroup_id INTEGER NOT NULL,
  PRIMARY KEY (group_id, subgroup_id)
) STRICT, WITHOUT ROWID;

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
  UNIQUE (user_id, kind, token)
) STRICT;
CREATE INDEX device_token ON device(kind, token);
"""


def migrate(connection: apsw.Connection) -> None:
    connection.execute(SCHEMA)
