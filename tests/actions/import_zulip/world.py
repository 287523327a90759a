"""An organization with something of everything, and what imports and exports are made with."""

import io
from pathlib import Path
from typing import Any

import orjson

from appliance.actions.export import whole as export
from appliance.actions.group import user_group as group_actions
from appliance.actions.group.user_group import Wanted
from appliance.actions.import_zulip import whole as importing
from appliance.actions.import_zulip.whole import Imported
from appliance.actions.message import reaction as reaction_actions
from appliance.actions.message import scheduled as scheduled_message
from appliance.actions.personal import alert_word, draft, saved_snippet
from appliance.actions.user import status as user_status
from appliance.base.clock import Clock
from appliance.model import user_status as status_model
from appliance.model.draft import Draft as Begun
from appliance.model.export import Kind
from appliance.model.reaction import Emoji
from appliance.model.scheduled_message import Target
from appliance.store import imported
from appliance.store.store import Store
from appliance.store.transaction import Transaction
from tests.actions.conftest import PRIVATE, PUBLIC, Team
from tests.actions.exported import Exported

NOW = 1_700_000_000
PATH = "1/ab/DfOkzwdg_IwlrN3myw3KGtiJ/minutes.pdf"
CONTENT = b"%PDF-1.7 the minutes"
TADA = Emoji("tada", "1f389", "unicode_emoji")


def exported(store: Store, folder: Path, kind: Kind = Kind.FULL) -> tuple[Path, Exported]:
    path = folder / f"{store.folder.name}.tar.gz"
    path.unlink(missing_ok=True)
    export.write(store, path, kind, NOW, lambda done, of: None)
    return path, Exported.read(path)


def read(archive: Path, folder: Path, clock: Clock) -> Imported:
    return importing.read(archive, folder, clock, lambda what, done, of: None)


def png(side: int = 64, color: str = "red") -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGBA", (side, side), color).save(out, "PNG", quality=80)
    return out.getvalue()


def live(team: Team) -> None:
    """Something of everything."""
    store, ann, bob = team.store, team.ann, team.bob
    said = team.send(ann, PUBLIC, f"@**Bob** see [it](/user_uploads/{PATH})")
    team.send(bob, PRIVATE, "in `private` $$x^2$$ :tada:", topic="plans")
    team.write_to(ann, bob, content="to you")
    team.write_to(ann, ann, content="to myself")
    team.write_to(ann, bob, team.erin, content="to both")
    reaction_actions.add(store, bob, said, TADA)
    group_actions.create(store, ann, Wanted("cooks", "They cook", [bob.id]))
    alert_word.add(store, ann, ["lunch", "Zürich"])
    saved_snippet.add(store, ann, "hello", "Hello, how are you?")
    user_status.change(store, ann, status_model.check("at lunch", TADA, None))
    draft.add(store, ann, [Begun("stream", (team.channel_id(PUBLIC),), "lunch", "I think", None)])
    draft.add(store, ann, [Begun("private", (bob.id,), "", "psst", None), Begun("", (), "", "hm", None)])
    _schedule(team)
    store.write(lambda transaction: _fill(transaction, team, said))
    _bring_files(store)


def _schedule(team: Team) -> None:
    from appliance.actions.message.send import Draft

    for target in (Target(team.channel_id(PUBLIC), (), "lunch"), Target(None, (team.bob.id,))):
        later = Draft(team.ann, "soon", "test", True)
        scheduled_message.add(team.store, later, target, NOW + 3600)


def _fill(transaction: Transaction, team: Team, said: int) -> None:
    """What other rooms write, as they do."""
    ann, bob = team.ann.id, team.bob.id
    for table, row in _rows(ann, bob, said):
        imported.put(transaction, table, [row])
    transaction.execute("UPDATE user SET avatar_file = '1/ann.png', avatar_version = 3 WHERE id = ?", ann)
    transaction.execute("UPDATE user SET public_email = 'user7@chat.example.org' WHERE id = ?", bob)
    transaction.execute("UPDATE message SET has_attachment = 1, has_link = 1 WHERE id = ?", said)
    transaction.execute(
        "UPDATE channel SET message_retention_days = 30, is_default = 1, permissions = ? WHERE name = ?",
        orjson.dumps({"can_send_message_group": {"direct_members": [ann], "direct_subgroups": [5]}}).decode(),
        PRIVATE,
    )


def _rows(ann: int, bob: int, said: int) -> list[tuple[str, dict[str, Any]]]:
    return [
        ("attachment", {"id": 1, "path_id": PATH, "owner_id": ann, "name": "minutes.pdf",
                        "content_type": "application/pdf", "size": len(CONTENT), "created": NOW * 1000}),
        ("attachment_message", {"attachment_id": 1, "message_id": said}),
        ("realm_emoji", {"id": 7, "name": "party", "file": "1/emoji/images/party.png", "author_id": ann}),
        ("linkifier", {"id": 3, "pattern": "#(?P<id>[0-9]+)", "url_template": "https://bugs.test/{id}",
                       "position": 1}),
        ("playground", {"id": 2, "name": "Try it", "pygments_language": "Python",
                        "url_template": "https://try.test/{code}"}),
        ("realm_domain", {"domain": "example.org", "allow_subdomains": 1}),
        ("profile_field", {"id": 4, "type": 1, "name": "Phone", "hint": "home", "data": "", "position": 1,
                           "display_in_profile_summary": 1, "required": 0, "editable_by_user": 1}),
        ("profile_value", {"user_id": ann, "field_id": 4, "value": "1234",
                           "rendered_value": "<p>1234</p>"}),
        ("invitation", {"id": 5, "email": "new@example.org", "token_hash": b"x", "token": None,
                        "inviter_id": ann, "invited_as": 400, "created": NOW, "expires": NOW + 60,
                        "defaults": 1, "channel_ids": "[1]"}),
        ("invitation", {"id": 6, "email": None, "token_hash": b"y", "token": "y", "inviter_id": bob,
                        "invited_as": 600, "created": NOW, "expires": None, "defaults": 0,
                        "channel_ids": "[]"}),
        ("submessage", {"id": 9, "message_id": said, "sender_id": ann, "msg_type": "widget",
                        "content": '{"widget_type":"poll"}'}),
        ("bot_storage", {"bot_id": bob, "key": "count", "value": "7"}),
    ]  # fmt: skip


def _bring_files(store: Store) -> None:
    uploads = store.uploads
    with uploads.receive([CONTENT]) as received:
        uploads.keep(received, uploads.file(PATH))
    uploads.put_avatar("1/ann.png", png(100))
    uploads.put_avatar("1/ann-medium.png", png(500))
    uploads.put_avatar("1/emoji/images/party.png", png(64, "blue"))
