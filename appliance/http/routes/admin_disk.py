"""What the data folder takes on the disk, as administrators see it in the console."""

from dataclasses import asdict

from appliance.actions.server import disk as space
from appliance.http.endpoint import Answer, Call, get
from appliance.model.permission import check_admin


@get("/appliance/admin/disk", who="admins", differs="not of Zulip")
def disk(call: Call) -> Answer:
    """Bytes of the database, of each folder and of the rest, at most a minute old; the backups in
    DATA/backups, newest first."""
    check_admin(call.user)
    console, store = call.services.console, call.services.store
    with console.turns.of(call.user.id):
        time, parts = console.measuring.parts()
        _, backups = console.measuring.backups()
    free, total = space.room(store.folder)
    return {
        "time": time,
        "parts": parts,
        "backups": [asdict(each) for each in backups],
        "free": free,
        "total": total,
    }


@get("/appliance/admin/tables", who="admins", differs="not of Zulip")
def tables(call: Call) -> Answer:
    """Bytes of the largest tables of the database with their indexes. Every page of it is read for that;
    `tables` is empty where SQLite cannot tell."""
    check_admin(call.user)
    console = call.services.console
    with console.turns.of(call.user.id):
        time, found = console.measuring.tables()
    return {"time": time, "tables": [{"name": name, "bytes": size} for name, size in found]}
