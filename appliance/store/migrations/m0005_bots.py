"""The services that outgoing webhook bots stand for."""

import apsw

SCHEMA = """
CREATE TABLE bot_service(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  bot_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  base_url TEXT NOT NULL,
  interface INTEGER NOT NULL,          -- 1 plain JSON, 2 as Slack's
  token TEXT NOT NULL
) STRICT;
CREATE INDEX bot_service_bot ON bot_service(bot_id);
"""


def migrate(connection: apsw.Connection) -> None:
    connection.execute(SCHEMA)
