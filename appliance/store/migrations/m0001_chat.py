"""The first form: people, channels, messages, notices, event queues, jobs."""

import apsw

SCHEMA = """
-- One organisation a file. `settings`: what differs from the defaults (model/setting.py).
CREATE TABLE realm(
  id INTEGER PRIMARY KEY CHECK (id = 1),
  uuid TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  created INTEGER NOT NULL,
  settings TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE TABLE user(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  delivery_email TEXT NOT NULL COLLATE NOCASE UNIQUE,
  full_name TEXT NOT NULL,
  role INTEGER NOT NULL,
  is_active INTEGER NOT NULL DEFAULT 1,
  bot_type INTEGER,                    -- NULL: a person
  bot_owner_id INTEGER,
  is_system INTEGER NOT NULL DEFAULT 0,
  api_key TEXT NOT NULL UNIQUE,
  password TEXT,                       -- tagged hash; NULL: none set yet
  date_joined INTEGER NOT NULL,
  settings TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE INDEX user_full_name ON user(full_name);

-- Tokens are kept as SHA-256: who reads the file cannot sign in with it.
CREATE TABLE login_link(
  token_hash BLOB PRIMARY KEY,
  user_id INTEGER,                     -- NULL: makes the first owner
  expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE session(
  token_hash BLOB PRIMARY KEY,
  user_id INTEGER NOT NULL,
  expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Where messages go: a channel, or the set of people of a direct conversation ("3,5,7", ascending).
CREATE TABLE recipient(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  channel_id INTEGER UNIQUE,
  member_ids TEXT UNIQUE,
  CHECK ((channel_id IS NULL) <> (member_ids IS NULL))
) STRICT;
CREATE TABLE conversation_member(
  user_id INTEGER NOT NULL,
  recipient_id INTEGER NOT NULL,
  PRIMARY KEY (user_id, recipient_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE channel(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,       -- lower case: names differ by more than case
  description TEXT NOT NULL DEFAULT '',
  rendered_description TEXT NOT NULL DEFAULT '',
  invite_only INTEGER NOT NULL,
  history_public_to_subscribers INTEGER NOT NULL,
  is_web_public INTEGER NOT NULL DEFAULT 0,
  is_archived INTEGER NOT NULL DEFAULT 0,
  is_default INTEGER NOT NULL DEFAULT 0,  -- newcomers are subscribed to it
  creator_id INTEGER,
  date_created INTEGER NOT NULL,
  first_message_id INTEGER,
  recipient_id INTEGER NOT NULL
) STRICT;

CREATE TABLE subscription(
  channel_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  active INTEGER NOT NULL DEFAULT 1,
  color TEXT NOT NULL,
  is_muted INTEGER NOT NULL DEFAULT 0,
  pin_to_top INTEGER NOT NULL DEFAULT 0,
  desktop_notifications INTEGER,       -- NULL: as the person's own setting says
  audible_notifications INTEGER,
  push_notifications INTEGER,
  email_notifications INTEGER,
  wildcard_mentions_notify INTEGER,
  PRIMARY KEY (channel_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX subscription_user ON subscription(user_id);

CREATE TABLE message(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  sender_id INTEGER NOT NULL,
  recipient_id INTEGER NOT NULL,
  topic TEXT NOT NULL,
  topic_key TEXT NOT NULL,             -- lower case: conversations match without case
  content TEXT NOT NULL,
  rendered_content TEXT NOT NULL,
  time INTEGER NOT NULL,
  client TEXT NOT NULL,
  last_edit_time INTEGER,
  edit_history TEXT
) STRICT;
CREATE INDEX message_recipient ON message(recipient_id, id);
CREATE INDEX message_topic ON message(recipient_id, topic_key, id);
CREATE INDEX message_sender ON message(sender_id, id);

-- What a message is to each of its recipients (flags: model/flag.py). The rows of one message lie together,
-- so that sending touches few pages.
CREATE TABLE user_message(
  message_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  flags INTEGER NOT NULL,
  PRIMARY KEY (message_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX user_message_starred ON user_message(user_id, message_id) WHERE flags & 2 <> 0;
CREATE INDEX user_message_mentioned ON user_message(user_id, message_id) WHERE flags & 56 <> 0;

-- Unread messages by person. Writing it with every message would touch a page for each recipient, so it is
-- written for many messages at once: the newest are not in it yet, and the view adds them (store/unread.py).
CREATE TABLE unread(
  user_id INTEGER NOT NULL,
  message_id INTEGER NOT NULL,
  PRIMARY KEY (user_id, message_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE unread_position(message_id INTEGER NOT NULL) STRICT;
INSERT INTO unread_position VALUES (0);
CREATE VIEW unread_message AS
  SELECT user_id, message_id FROM unread
  UNION ALL
  SELECT user_id, message_id FROM user_message
  WHERE message_id > (SELECT message_id FROM unread_position) AND flags & 1 = 0;

CREATE TABLE presence(
  user_id INTEGER PRIMARY KEY,
  last_active INTEGER,
  last_connected INTEGER NOT NULL
) STRICT;

-- The outbox: events of committed actions, in their order, until the queues that want them are saved.
CREATE TABLE notice(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  time INTEGER NOT NULL,               -- milliseconds
  body BLOB NOT NULL                   -- {"event": …, "users": […]}
) STRICT;
-- `applied`: the last notice whose events are in the saved event queues; `decided`: the last one whose
-- notifications were enqueued.
CREATE TABLE position(name TEXT PRIMARY KEY, notice_id INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO position VALUES ('applied', 0), ('decided', 0);

CREATE TABLE event_queue(
  id TEXT PRIMARY KEY,
  user_id INTEGER NOT NULL,
  descriptor TEXT NOT NULL,            -- what the client asked for
  born INTEGER NOT NULL,               -- the last notice that it does not want, being in its snapshot
  state BLOB NOT NULL                  -- as of its birth or of `applied`, whichever is later
) STRICT;

CREATE TABLE missed_mail(
  user_id INTEGER NOT NULL,
  message_id INTEGER NOT NULL,
  trigger TEXT NOT NULL,
  mentioned_user_group_id INTEGER,
  due INTEGER NOT NULL,
  PRIMARY KEY (user_id, message_id)
) STRICT, WITHOUT ROWID;

-- Work to do. No state column: which jobs run now is known to the process that owns the queue.
CREATE TABLE job(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  queue TEXT NOT NULL,
  body BLOB NOT NULL,
  run_at INTEGER,                      -- milliseconds; NULL: at once
  failed_tries INTEGER NOT NULL DEFAULT 0,
  key TEXT,                            -- at most one job with this key waits in a queue
  error TEXT,                          -- of the last try
  created INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX job_key ON job(queue, key) WHERE key IS NOT NULL;

CREATE TABLE dead_job(
  id INTEGER PRIMARY KEY,
  queue TEXT NOT NULL,
  body BLOB NOT NULL,
  failed_tries INTEGER NOT NULL,
  error TEXT NOT NULL,
  created INTEGER NOT NULL,
  died INTEGER NOT NULL
) STRICT;
"""


def migrate(connection: apsw.Connection) -> None:
    connection.execute(SCHEMA)
