"""Search for words, and indexes of what few messages have."""

import apsw

SCHEMA = """
-- The words of messages (model/highlight.py), for search. Written with every message it would cost 27 KB of
-- writing each; so it is written for many at once, and a search looks at the others itself (store/search.py).
-- It keeps no text of its own. Positions are kept: phrases need them.
CREATE VIRTUAL TABLE message_words USING fts5(
  content, topic, content='', contentless_delete=1, tokenize='ascii'
);
-- In it are all messages up to this one, but for those that `search_pending` lists: what of them changes goes
-- out of it at once, by the triggers, whoever changes it.
CREATE TABLE search_position(message_id INTEGER NOT NULL) STRICT;
INSERT INTO search_position VALUES (0);
CREATE TABLE search_pending(message_id INTEGER PRIMARY KEY) STRICT;

CREATE TRIGGER search_forgets_changed AFTER UPDATE OF rendered_content, topic ON message
WHEN old.id <= (SELECT message_id FROM search_position)
  AND (old.rendered_content <> new.rendered_content OR old.topic <> new.topic)
BEGIN
  DELETE FROM message_words WHERE rowid = old.id;
  INSERT OR IGNORE INTO search_pending VALUES (old.id);
END;
CREATE TRIGGER search_forgets_deleted AFTER DELETE ON message
WHEN old.id <= (SELECT message_id FROM search_position)
BEGIN
  DELETE FROM message_words WHERE rowid = old.id;
  DELETE FROM search_pending WHERE message_id = old.id;
END;
-- One that comes back.
CREATE TRIGGER search_lacks_restored AFTER INSERT ON message
WHEN new.id <= (SELECT message_id FROM search_position)
BEGIN
  INSERT OR IGNORE INTO search_pending VALUES (new.id);
END;

CREATE INDEX message_with_attachment ON message(id) WHERE has_attachment;
CREATE INDEX message_with_image ON message(id) WHERE has_image;
CREATE INDEX message_with_link ON message(id) WHERE has_link;
CREATE INDEX user_message_alerted ON user_message(user_id, message_id) WHERE flags & 64 <> 0;
"""


def migrate(connection: apsw.Connection) -> None:
    connection.execute(SCHEMA)
