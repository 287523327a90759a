"""How answers travel: compressed, or not at all to who has them already."""

import gzip
import json
from typing import Any

import pytest

from tests.http.conftest import Answer, Client
from tests.process.client import Person

LONG = "/api/v1/register"  # its answer is long
GZIP = "gzip, deflate"


def ask(client: Client, person: Person, request: str, *, body: bool = True, **headers: str) -> Answer:
    given = {"Authorization": person.authorization, **headers}
    lines = [f"{name.replace('_', '-')}: {value}\r\n" for name, value in given.items()]
    client.send(request, headers="".join(lines))
    return client.read(body=body)


def decoded(answer: Answer) -> dict[str, Any]:
    assert answer.headers["Content-Encoding"] == "gzip"
    found: dict[str, Any] = json.loads(gzip.decompress(answer.body))
    return found


@pytest.mark.parametrize("accepted", [GZIP, "GZIP", "br;q=1.0, gzip;q=0.8, *;q=0.1"])
def test_a_long_answer_is_compressed(client: Client, hamlet: Person, accepted: str) -> None:
    plain = ask(client, hamlet, f"POST {LONG}")
    packed = ask(client, hamlet, f"POST {LONG}", Accept_Encoding=accepted)
    assert decoded(packed)["zulip_feature_level"] == json.loads(plain.body)["zulip_feature_level"]
    assert len(packed.body) < len(plain.body) / 2
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["identity", "gzip;q=0", "deflate, gzip; q=0.0, br", ""])
def test_not_for_who_does_not_take_it(client: Client, hamlet: Person, accepted: str) -> None:
    answer = ask(client, hamlet, f"POST {LONG}", Accept_Encoding=accepted)
    assert "Content-Encoding" not in answer.headers
    assert json.loads(answer.body)["result"] == "success"


def test_a_short_answer_is_not_compressed(client: Client, hamlet: Person) -> None:
    answer = ask(client, hamlet, "GET /api/v1/get_stream_id?stream=general", Accept_Encoding=GZIP)
    assert not {"Content-Encoding", "Etag", "Vary"} & answer.headers.keys()


def test_events_are_not_compressed(client: Client, hamlet: Person, cordelia: Person) -> None:
    """Nor asked for anew."""
    poller = hamlet.register(event_types=["message"])
    cordelia.send(hamlet, "long " * 1000)
    poll = f"GET /api/v1/events?queue_id={poller.queue_id}&last_event_id=-1"
    answer = ask(client, hamlet, poll, Accept_Encoding=GZIP)
    assert not {"Content-Encoding", "Etag"} & answer.headers.keys()
    assert len(json.loads(answer.body)["events"]) == 1


def test_what_did_not_change_is_not_sent_again(client: Client, hamlet: Person) -> None:
    first = ask(client, hamlet, "GET /api/v1/user_groups", Accept_Encoding=GZIP)
    tag = first.headers["Etag"]
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = ask(client, hamlet, "GET /api/v1/user_groups", If_None_Match=f'"other", {tag}')
    assert (again.status, again.body, again.headers["Etag"]) == (304, b"", tag)
    changed = ask(client, hamlet, "GET /api/v1/user_groups", If_None_Match='W/"other"')
    assert (changed.status, changed.headers["Etag"]) == (200, tag)


def test_a_tag_is_of_what_one_person_sees(client: Client, hamlet: Person, cordelia: Person) -> None:
    sent = hamlet.send(cordelia, "hello " * 1000)
    hamlet.ask("POST", "/messages/flags", messages=[sent], op="add", flag="starred")
    path = "GET /api/v1/messages?anchor=newest&num_before=1&num_after=0"
    own = ask(client, hamlet, path)
    others = ask(client, cordelia, path, If_None_Match=own.headers["Etag"])
    assert (others.status, others.headers["Etag"] == own.headers["Etag"]) == (200, False)


def test_no_tag_for_what_changes_something(client: Client, hamlet: Person) -> None:
    assert "Etag" not in ask(client, hamlet, f"POST {LONG}").headers


@pytest.mark.parametrize("headers", [{}, {"Accept_Encoding": GZIP}])
def test_head_says_what_get_would(client: Client, hamlet: Person, headers: dict[str, Any]) -> None:
    full = ask(client, hamlet, "GET /api/v1/user_groups", **headers)
    head = ask(client, hamlet, "HEAD /api/v1/user_groups", body=False, **headers)
    assert head.status == 200
    for name in ("Content-Length", "Content-Type", "Etag"):
        assert head.headers[name] == full.headers[name]
    assert ask(client, hamlet, "GET /api/v1/users/me").status == 200  # the connection goes on


@pytest.mark.parametrize("name", ["emoji_names.json", "pages.css"])
def test_files_are_compressed_too(client: Client, hamlet: Person, name: str) -> None:
    plain = ask(client, hamlet, f"GET /static/{name}")
    packed = ask(client, hamlet, f"GET /static/{name}", Accept_Encoding=GZIP)
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["Etag"] == plain.headers["Etag"]


@pytest.mark.parametrize("path", ["/api/v1/users/me", "/api/v1/users"])
def test_no_proxy_keeps_an_answer_for_others(client: Client, hamlet: Person, path: str) -> None:
    assert ask(client, hamlet, f"GET {path}").headers["Cache-Control"] == "private, no-cache"


def test_pictures_are_not(client: Client, hamlet: Person) -> None:
    picture = ask(client, hamlet, "GET /static/icon.png", Accept_Encoding=GZIP)
    assert "Content-Encoding" not in picture.headers
    tag = picture.headers["Etag"]
    assert ask(client, hamlet, "GET /static/icon.png", If_None_Match=tag).status == 304
