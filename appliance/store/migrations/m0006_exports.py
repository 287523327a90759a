"""Exports of the organization that administrators asked for."""

import apsw

SCHEMA = """
CREATE TABLE realm_export(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind INTEGER NOT NULL,               -- 1 public, 2 with what people have consented to (model/export.py)
  requested_by INTEGER NOT NULL,
  requested INTEGER NOT NULL,          -- seconds, as all times here
  status TEXT NOT NULL,                -- requested, started, succeeded, failed
  token TEXT NOT NULL UNIQUE,          -- part of its address
  name TEXT NOT NULL,                  -- of its file
  size INTEGER,                        -- bytes
  finished INTEGER,                    -- when it succeeded or failed
  deleted INTEGER,
  error TEXT
) STRICT;
"""


def migrate(connection: apsw.Connection) -> None:
    connection.execute(SCHEMA)
