"""Sessions that can be listed, and messages that are sent once however often they are asked for."""

import apsw

SCHEMA = """
ALTER TABLE session RENAME TO old_session;
CREATE TABLE session(
  id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used again: it ends this session and no later one
  token_hash BLOB NOT NULL UNIQUE,
  user_id INTEGER NOT NULL,
  browser TEXT NOT NULL,                 -- "Firefox on Linux"
  created INTEGER NOT NULL,
  last_used INTEGER NOT NULL,            -- up to an hour older than it really is
  expires INTEGER NOT NULL
) STRICT;
CREATE INDEX session_of_user ON session(user_id);
-- They were all for 14 days from their beginning.
INSERT INTO session(token_hash, user_id, browser, created, last_used, expires)
  SELECT token_hash, user_id, '', expires - 1209600, expires - 1209600, expires FROM old_session;
DROP TABLE old_session;

-- Keys that clients have sent along with messages (Idempotency-Key), for a day.
CREATE TABLE idempotency(
  user_id INTEGER NOT NULL,
  key TEXT NOT NULL,
  message_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (user_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency(at);
CREATE INDEX idempotency_of_user ON idempotency(user_id, message_id);
"""


def migrate(connection: apsw.Connection) -> None:
    connection.execute(SCHEMA)
