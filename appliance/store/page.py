"""SQL of the pages of the file: which tables take how much of it."""

import apsw

from appliance.store.connection import Handle

_SIZES = """
SELECT coalesce(tbl_name, name) AS of, sum(pgsize) AS size FROM dbstat LEFT JOIN sqlite_schema USING (name)
WHERE aggregate = TRUE GROUP BY of ORDER BY size DESC LIMIT ?
"""


def sizes(handle: Handle, limit: int) -> list[tuple[str, int]]:
    """Bytes of the largest tables, each with its indexes. Reads every page of the file. Empty where SQLite
    was built without this."""
    try:
        return [(name, size) for name, size in handle.rows(_SIZES, limit)]
    except apsw.SQLError:
        return []
