"""Small things of one's own: status, alert words, saved snippets, drafts, scheduled messages."""

import apsw

SCHEMA = """
CREATE TABLE user_status(
  user_id INTEGER PRIMARY KEY,
  text TEXT NOT NULL,
  emoji_name TEXT NOT NULL,            -- '': no emoji, as are the next two then
  emoji_code TEXT NOT NULL,
  reaction_type TEXT NOT NULL
) STRICT;

CREATE TABLE alert_word(
  user_id INTEGER NOT NULL,
  word_key TEXT NOT NULL,              -- lower case: words differ by more than case
  word TEXT NOT NULL,
  PRIMARY KEY (user_id, word_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE saved_snippet(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL,
  title TEXT NOT NULL,
  content TEXT NOT NULL,
  created INTEGER NOT NULL             -- seconds, as all times here
) STRICT;
CREATE INDEX saved_snippet_user ON saved_snippet(user_id, id);

CREATE TABLE draft(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL,
  type TEXT NOT NULL,                  -- stream, private or ''
  recipients TEXT NOT NULL,            -- JSON: a channel's id, or people's
  topic TEXT NOT NULL,
  content TEXT NOT NULL,
  edited INTEGER NOT NULL
) STRICT;
CREATE INDEX draft_user ON draft(user_id, edited);

CREATE TABLE scheduled_message(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  sender_id INTEGER NOT NULL,
  channel_id INTEGER,                  -- NULL: it is to people
  user_ids TEXT NOT NULL,              -- JSON: people
  topic TEXT NOT NULL,
  content TEXT NOT NULL,
  rendered_content TEXT NOT NULL,
  client TEXT NOT NULL,
  read_by_sender INTEGER NOT NULL,
  due INTEGER NOT NULL,
  failure TEXT                         -- why it could not be sent
) STRICT;
CREATE INDEX scheduled_message_sender ON scheduled_message(sender_id, due);
"""


def migrate(connection: apsw.Connection) -> None:
    connection.execute(SCHEMA)
