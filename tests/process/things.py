"""One or more of each thing that an organization can have, made by requests: what a request can name."""

from typing import Any

from tests import pictures
from tests.process.client import Person, request

BOUNDARY = "b" * 30
# By the name of a parameter in an address: of several, the last one may go. By method and address: of that.
Ids = dict[str, list[Any]]


def make(owner: Person, other: Person, leaver: Person) -> Ids:
    """The owner's, but for messages. All that has an id has more than one."""
    made = {name: [_id(owner.ask("POST", path, **body)) for body in bodies] for name, path, bodies in _WANTED}
    for name in ("one.example.org", "two.example.org"):
        owner.ask("POST", "/realm/domains", domain=name, allow_subdomains=True)
    for name in ("party", "blob"):
        post_picture(owner, f"/realm/emoji/{name}")
    files = [post_picture(owner, "/user_uploads")["url"] for _ in range(2)]
    owner.ask("POST", "/messages", type="stream", to="general", topic="lunch", content=f"[a]({files[0]})")
    owner.ask("POST", f"/users/me/muted_users/{leaver.user_id}")
    other.ask("POST", "/users/me/presence", status="active")
    poll = owner.send(other, "/poll who?\nI\nyou")
    owner.ask("POST", f"/messages/{poll}/reactions", emoji_name="octopus")
    invitations, links = _invite(owner)
    return made | {
        "attachment_id": _ids(owner, "/attachments", "attachments"),
        "channel_id": _ids(owner, "/streams", "streams", "stream_id"),
        "domain": ["one.example.org", "two.example.org"],
        "email": [other.email],
        "emoji_name": ["party", "blob"],
        "export_id": [1],
        "filename": [files[0].removeprefix("/user_uploads/1/")],
        "group_id": _ids(owner, "/user_groups", "user_groups")[-3:],
        "invite_id": invitations,
        "DELETE /invites/multiuse/{invite_id}": links,
        "message_id": [each["id"] for each in owner.messages()],
        "queue_id": [owner.register().queue_id],
        "realm_id": ["1"],
        "user_id": [owner.user_id, other.user_id, *made["bot_id"]],
        "DELETE /users/{user_id}": [leaver.user_id],
        "DELETE /users/me/muted_users/{user_id}": [leaver.user_id],
        "POST /realm/emoji/{emoji_name}": ["new", "newer"],
        "POST /user_groups/{group_id}/deactivate": made["a group"][-1:],
    }


_WANTED: tuple[tuple[str, str, list[dict[str, Any]]], ...] = (
    ("bot_id", "/bots", [{"full_name": f"Bot {n}", "short_name": f"b{n}"} for n in range(3)]),
    ("filter_id", "/realm/filters", [
        {"pattern": f"{word}(?P<id>[0-9]+)", "url_template": "https://bugs.example.org/{id}"}
        for word in ("bug", "fix")
    ]),
    ("playground_id", "/realm/playgrounds", [
        {"name": name, "pygments_language": "Python", "url_template": "https://play.example.org/{code}"}
        for name in ("one", "two")
    ]),
    ("field_id", "/realm/profile_fields", [{"field_type": 1, "name": name} for name in ("Job", "Place")]),
    ("saved_snippet_id", "/saved_snippets", [{"title": name, "content": "text"} for name in ("a", "b")]),
    ("scheduled_message_id", "/scheduled_messages", [
        {"type": "channel", "to": 1, "topic": "lunch", "content": name,
         "scheduled_delivery_timestamp": 4_000_000_000}
        for name in ("one", "two")
    ]),
    ("draft_id", "/drafts", [
        {"drafts": [{"type": "private", "to": [], "topic": "", "content": name}]} for name in ("one", "two")
    ]),
    ("a group", "/user_groups/create", [
        {"name": name, "description": "", "members": []} for name in ("one", "two", "three")
    ]),
    ("a channel", "/users/me/subscriptions", [
        {"subscriptions": [{"name": name}]} for name in ("open", "garden", "attic")
    ]),
)  # fmt: skip


def _id(answer: dict[str, Any]) -> Any:
    """Answers to who has made something name it differently."""
    if "ids" in answer:
        return answer["ids"][0]
    return next((value for name, value in answer.items() if name == "id" or name.endswith("_id")), None)


def _ids(person: Person, path: str, key: str, name: str = "id") -> list[int]:
    return sorted(each[name] for each in person.ask("GET", path)[key])


def _invite(owner: Person) -> tuple[list[int], list[int]]:
    """Ids of invitations, and of links."""
    owner.ask("POST", "/invites", invitee_emails="one@chat.test, two@chat.test", stream_ids=[])
    for _ in range(2):
        owner.ask("POST", "/invites/multiuse", stream_ids=[])
    listed = owner.ask("GET", "/invites")["invites"]
    links = [each["id"] for each in listed if each["is_multiuse"]]
    return [each["id"] for each in listed if not each["is_multiuse"]], links


def post_picture(person: Person, path: str, picture: bytes = b"") -> dict[str, Any]:
    """As the file of a request; what was answered. A plain one where none is given."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'.encode()
    answer = request(
        person.port,
        "POST",
        f"/api/v1{path}",
        body=head + (picture or pictures.plain()) + f"\r\n--{BOUNDARY}--\r\n".encode(),
        headers={
            "Authorization": person.authorization,
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        },
    )
    assert answer.status == 200, answer.body
    found: dict[str, Any] = answer.body
    return found
