"""The Python library `zulip`: every public method of its Client."""

import inspect
import io
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zulip

from tests.conftest import until
from tests.process.client import DEADLINE, Person
from tests.process.clients.conftest import listens
from tests.process.server import ServerProcess

Result = dict[str, Any]
PICTURE = bytes.fromhex(  # a PNG of one pixel
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8cfc0f01f00050001ff89993d1d0000000049454e44ae426082"
)


@pytest.fixture
def owner(iago: Person) -> zulip.Client:
    return iago.client()


@pytest.fixture
def client(hamlet: Person) -> zulip.Client:
    return hamlet.client()


def done(answer: Result) -> Result:
    assert answer["result"] == "success", answer
    return answer


def post(client: zulip.Client, content: str = "hello", topic: str = "library") -> int:
    to = {"type": "stream", "to": "general", "topic": topic, "content": content}
    sent: int = done(client.send_message(to))["id"]
    return sent


def channel_id(client: zulip.Client, name: str = "general") -> int:
    found: int = done(client.get_stream_id(name))["stream_id"]
    return found


def test_every_public_method_is_called_here() -> None:
    methods = {name for name, _ in inspect.getmembers(zulip.Client, inspect.isfunction) if name[0] != "_"}
    called = set(re.findall(r"\b(?:client|owner)\.(\w+)", Path(__file__).read_text()))
    assert methods - called == set()


def test_what_needs_no_server(client: zulip.Client) -> None:
    client.ensure_session()
    assert client.get_user_agent().startswith("ZulipPython/")


def test_the_server(client: zulip.Client) -> None:
    assert done(client.get_server_settings())["zulip_version"] == client.zulip_version
    assert done(client.call_endpoint("users/me", method="GET"))["full_name"] == "hamlet"
    assert done(client.do_api_query({}, "/api/v1/users/me", method="GET"))["full_name"] == "hamlet"


# -- messages


def test_sending_reading_and_changing(client: zulip.Client, cordelia: Person) -> None:
    sent = post(client, "to *change*")
    done(client.update_message({"message_id": sent, "content": "**changed**"}))
    assert done(client.get_raw_message(sent))["raw_content"] == "**changed**"
    assert len(done(client.get_message_history(sent))["message_history"]) == 2
    asked: Any = {"anchor": sent, "num_before": 0, "num_after": 0, "narrow": [["channel", "general"]]}
    assert [each["id"] for each in done(client.get_messages(asked))["messages"]] == [sent]
    assert "<em>x</em>" in done(client.render_message({"content": "*x*"}))["rendered"]
    asked = {"msg_ids": [sent], "narrow": [{"operator": "topic", "operand": "library"}]}
    assert str(sent) in done(client.check_messages_match_narrow(**asked))["messages"]
    direct = {"type": "private", "to": [cordelia.email], "content": "hello"}
    assert done(client.send_message(direct))["id"] == cordelia.newest_message_id()


def test_deleting(owner: zulip.Client) -> None:
    sent = post(owner)
    done(owner.delete_message(sent))
    assert owner.get_raw_message(sent)["result"] == "error"


def test_flags_and_reading(client: zulip.Client) -> None:
    sent, general = post(client), channel_id(client)
    done(client.update_message_flags({"messages": [sent], "op": "add", "flag": "starred"}))
    assert "starred" in done(client.get_raw_message(sent))["message"]["flags"]
    done(client.mark_topic_as_read(general, "library"))
    done(client.mark_stream_as_read(general))
    done(client.mark_all_as_read())
    assert "read" in done(client.get_raw_message(sent))["message"]["flags"]


def test_reactions(client: zulip.Client) -> None:
    sent = post(client)
    reaction = {"message_id": sent, "emoji_name": "octopus"}
    done(client.add_reaction(reaction))
    assert [each["emoji_name"] for each in done(client.get_raw_message(sent))["message"]["reactions"]] == [
        "octopus"
    ]
    done(client.remove_reaction(reaction))
    assert done(client.get_raw_message(sent))["message"]["reactions"] == []


def test_moving_a_topic(owner: zulip.Client) -> None:
    sent = post(owner, topic="to move")
    done(owner.add_subscriptions([{"name": "elsewhere"}]))
    done(owner.move_topic("general", "elsewhere", "to move", "moved"))
    moved = done(owner.get_raw_message(sent))["message"]
    assert (moved["display_recipient"], moved["subject"]) == ("elsewhere", "moved")
    topics = done(owner.get_stream_topics(channel_id(owner, "elsewhere")))["topics"]
    assert "moved" in [each["name"] for each in topics]


def test_files(client: zulip.Client) -> None:
    file = io.BytesIO(b"plain text")
    file.name = "nötes.txt"
    uploaded = done(client.upload_file(file))
    assert uploaded["uri"] == uploaded["url"]
    post(client, f"[notes]({uploaded['uri']})")
    files = done(client.get_attachments())["attachments"]
    assert [each["path_id"] in uploaded["uri"] and bool(each["messages"]) for each in files] == [True]


# -- events


class Enough(BaseException):
    """Ends a loop of the library that has no end."""


def collect(loop: Callable[..., None], *arguments: Any, **named: Any) -> list[Any]:
    """What the callback of `loop` gets, as it gets it; it ends with the word enough."""
    got: list[Any] = []

    def callback(each: Any) -> None:
        got.append(each)
        if "enough" in str(each):
            raise Enough

    def run() -> None:
        with pytest.raises(Enough):
            loop(callback, *arguments, **named)

    threading.Thread(target=run, daemon=True).start()
    return got


def test_each_message(client: zulip.Client, server: ServerProcess, cordelia: Person, hamlet: Person) -> None:
    messages = collect(client.call_on_each_message)
    until(lambda: listens(server, hamlet))
    cordelia.send(hamlet, "hello")
    cordelia.send(hamlet, "enough")
    until(lambda: len(messages) == 2)
    assert [each["content"] for each in messages] == ["hello", "enough"]


def test_each_event(client: zulip.Client, server: ServerProcess, cordelia: Person, hamlet: Person) -> None:
    events = collect(client.call_on_each_event, ["message"], [["is", "dm"]])
    until(lambda: listens(server, hamlet))
    post(client, "of no concern")
    cordelia.send(hamlet, "enough")
    until(lambda: events)
    assert [each["message"]["content"] for each in events] == ["enough"]


def test_a_queue_by_hand(client: zulip.Client) -> None:
    queue = done(client.register(event_types=["message"]))
    sent = post(client)
    events = done(client.get_events(queue_id=queue["queue_id"], last_event_id=queue["last_event_id"]))[
        "events"
    ]
    assert [each["message"]["id"] for each in events] == [sent]
    done(client.deregister(queue["queue_id"], timeout=DEADLINE))
    gone = client.get_events(queue_id=queue["queue_id"], last_event_id=-1)
    assert gone["code"] == "BAD_EVENT_QUEUE_ID"


# -- channels


def test_channels(owner: zulip.Client, hamlet: Person) -> None:
    done(
        owner.add_subscriptions(
            [{"name": "made", "description": "by a library"}], principals=[hamlet.user_id]
        )
    )
    made = channel_id(owner, "made")
    assert "made" in [each["name"] for each in done(owner.get_streams(include_public=True))["streams"]]
    assert done(owner.get_subscribers(stream="made"))["subscribers"] == [hamlet.user_id]
    assert done(owner.get_subscription_status(hamlet.user_id, made))["is_subscribed"] is True
    done(owner.update_stream({"stream_id": made, "description": "changed", "new_name": "renamed"}))
    assert channel_id(owner, "renamed") == made
    done(owner.remove_subscriptions(["renamed"], principals=[hamlet.email]))
    assert done(owner.get_subscription_status(hamlet.user_id, made))["is_subscribed"] is False
    done(owner.delete_stream(made))
    assert made not in [each["stream_id"] for each in done(owner.get_streams())["streams"]]


def test_default_channels(owner: zulip.Client) -> None:
    done(owner.add_subscriptions([{"name": "default"}]))
    done(owner.add_default_stream(channel_id(owner, "default")))
    defaults = owner.get_streams(include_default=True)["streams"]
    assert "default" in [each["name"] for each in defaults if each["is_default"]]


def test_ones_own_subscriptions(client: zulip.Client) -> None:
    general = channel_id(client)
    change = {"stream_id": general, "property": "color", "value": "#abcdef"}
    done(client.update_subscription_settings([change]))
    own = {each["stream_id"]: each for each in done(client.get_subscriptions())["subscriptions"]}
    assert own[general]["color"] == "#abcdef"
    assert done(client.list_subscriptions())["subscriptions"] == list(own.values())
    done(client.mute_topic({"stream": "general", "topic": "noise", "op": "add"}))
    assert "email" in done(client.get_stream_email_address(general))


# -- people


def test_people(owner: zulip.Client, hamlet: Person) -> None:
    new = {"email": "bianca@chat.test", "full_name": "Bianca", "password": "correct horse battery"}
    made = done(owner.create_user(new))["user_id"]
    assert made in [each["user_id"] for each in done(owner.get_users())["members"]]
    assert done(owner.get_members())["members"] == done(owner.get_users())["members"]
    done(owner.update_user_by_id(made, full_name="Bianca M"))
    assert done(owner.get_user_by_id(made))["user"]["full_name"] == "Bianca M"
    done(owner.deactivate_user_by_id(made))
    assert owner.get_user_by_id(made)["user"]["is_active"] is False
    done(owner.reactivate_user_by_id(made))
    assert owner.get_user_by_id(made)["user"]["is_active"] is True


def test_oneself(client: zulip.Client, hamlet: Person) -> None:
    assert done(client.get_profile())["user_id"] == hamlet.user_id
    done(client.update_notification_settings({"enable_offline_push_notifications": True}))
    assert done(client.add_alert_words(["alert"]))["alert_words"] == ["alert"]
    assert done(client.get_alert_words())["alert_words"] == ["alert"]
    assert done(client.remove_alert_words(["alert"]))["alert_words"] == []


def test_presence_and_typing(client: zulip.Client, hamlet: Person, cordelia: Person) -> None:
    done(client.update_presence({"status": "active", "new_user_input": True, "ping_only": False}))
    assert hamlet.email in done(client.get_realm_presence())["presences"]
    assert "aggregated" in done(cordelia.client().get_user_presence(hamlet.email))["presence"]
    assert "aggregated" in done(client.get_user_presence(hamlet.email))["presence"]
    done(client.set_typing_status({"type": "direct", "op": "start", "to": [cordelia.user_id]}))


def test_groups(owner: zulip.Client, hamlet: Person, cordelia: Person) -> None:
    wanted = {"name": "players", "description": "of a play", "members": [hamlet.user_id]}
    group = done(owner.create_user_group(wanted))["group_id"]
    done(owner.update_user_group({"group_id": group, "description": "of another"}))
    done(owner.update_user_group_members(group, {"add": [cordelia.user_id]}))
    [found] = [each for each in done(owner.get_user_groups())["user_groups"] if each["id"] == group]
    assert (found["description"], len(found["members"])) == ("of another", 2)
    done(owner.remove_user_group(group))
    assert group not in [each["id"] for each in done(owner.get_user_groups())["user_groups"]]


# -- the organization


def test_linkifiers(owner: zulip.Client) -> None:
    added = done(owner.add_realm_filter("#(?P<id>[0-9]+)", "https://issues.example.org/{id}"))["id"]
    assert [each["id"] for each in done(owner.get_realm_linkifiers())["linkifiers"]] == [added]
    done(owner.remove_realm_filter(added))
    assert done(owner.get_realm_linkifiers())["linkifiers"] == []


def test_profile_fields(owner: zulip.Client) -> None:
    field = done(owner.create_realm_profile_field(name="Phone", hint="", field_type=1))["id"]
    done(owner.update_realm_profile_field(field, name="Telephone", hint="at work", field_type=1))
    found = done(owner.get_realm_profile_fields())["custom_fields"]
    assert "Telephone" in [each["name"] for each in found]
    done(owner.reorder_realm_profile_fields(order=[each["id"] for each in reversed(found)]))
    done(owner.remove_realm_profile_field(field))
    assert field not in [each["id"] for each in done(owner.get_realm_profile_fields())["custom_fields"]]


def test_custom_emoji(owner: zulip.Client) -> None:
    file = io.BytesIO(PICTURE)
    file.name = "dot.png"
    done(owner.upload_custom_emoji("dot", file))
    emoji = done(owner.get_realm_emoji())["emoji"]
    assert "dot" in [each["name"] for each in emoji.values() if not each["deactivated"]]
    done(owner.delete_custom_emoji("dot"))
    emoji = done(owner.get_realm_emoji())["emoji"]
    assert "dot" not in [each["name"] for each in emoji.values() if not each["deactivated"]]


def test_storage(client: zulip.Client) -> None:
    done(client.update_storage({"storage": {"key": "value"}}))
    assert done(client.get_storage())["storage"] == {"key": "value"}
    assert done(client.get_storage({"keys": ["key"]}))["storage"] == {"key": "value"}
