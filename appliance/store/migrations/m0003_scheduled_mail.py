"""Mails to be sent on a day to come."""

import apsw

SCHEMA = """
CREATE TABLE scheduled_mail(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  type INTEGER NOT NULL,               -- 1 welcome, 2 digest, 3 invitation reminder
  due INTEGER NOT NULL,                -- seconds
  address TEXT COLLATE NOCASE,         -- whom it is for; NULL: the people of scheduled_mail_user
  data BLOB NOT NULL                   -- JSON: the event for email_senders, but for whom it is
) STRICT;
CREATE INDEX scheduled_mail_address ON scheduled_mail(address) WHERE address IS NOT NULL;

CREATE TABLE scheduled_mail_user(
  user_id INTEGER NOT NULL,
  mail_id INTEGER NOT NULL,
  PRIMARY KEY (user_id, mail_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX scheduled_mail_user_mail ON scheduled_mail_user(mail_id);
"""


def migrate(connection: apsw.Connection) -> None:
    connection.execute(SCHEMA)
