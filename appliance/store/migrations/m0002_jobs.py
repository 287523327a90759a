"""Jobs that wait for their time are found by it, and a job that kills the process is found by its mark."""

import apsw

SCHEMA = """
-- Only jobs with a time are in it: an ordinary job touches no index.
CREATE INDEX job_due ON job(queue, run_at) WHERE run_at IS NOT NULL;

-- Jobs that were running for a while, or whose like has killed the process. No row outlives its job for long.
CREATE TABLE job_running(
  id INTEGER PRIMARY KEY,
  started INTEGER,                     -- milliseconds; NULL: it does not run, but has killed the process
  crashes INTEGER NOT NULL DEFAULT 0   -- how often it was running when the process died, and is to blame
) STRICT;
"""


def migrate(connection: apsw.Connection) -> None:
    connection.execute(SCHEMA)
