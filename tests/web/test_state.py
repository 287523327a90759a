"""What the page's modules know and answer, told by hand."""

from typing import Any

import pytest

from tests.web.modules import Modules
from tests.web.told import (
    ADMINS,
    ANN,
    BOB,
    GENERAL,
    GONE,
    GUS,
    HELPER,
    ME,
    MEMBERS,
    NOBODY,
    OLD,
    OTHER,
    QUIET,
    SECRET,
    Row,
    arrival,
    message,
    subscription,
    told,
)

MUTED, UNMUTED, FOLLOWED = 1, 2, 3
LUNCH = {"type": "channel", "stream_id": GENERAL, "topic": "lunch"}
WITH_ANN = {"type": "direct", "user_ids": [ANN]}
ALONE: Row = {"type": "direct", "user_ids": []}


@pytest.fixture
def page(modules: Modules) -> Modules:
    modules.load(told())
    return modules


def policy(topic: str, value: int, stream_id: int = GENERAL) -> Row:
    return {"stream_id": stream_id, "topic_name": topic, "last_updated": 1, "visibility_policy": value}


def term(operator: str, operand: Any, negated: bool = False) -> Row:
    return {"operator": operator, "operand": operand, "negated": negated}


def flagged(op: str, flag: str, *ids: int, **more: Any) -> Row:
    return {
        "type": "update_message_flags",
        "op": op,
        "flag": flag,
        "messages": list(ids),
        "all": False,
        **more,
    }


def moved(row: Row, **to: Any) -> Row:
    """`to`: subject, new_stream_id."""
    whence = {"stream_id": row["stream_id"], "orig_subject": row["subject"], "message_id": row["id"]}
    how = {"propagate_mode": "change_one", "message_ids": [row["id"]], "edit_timestamp": 5}
    return {"type": "update_message", **whence, **how, "flags": [], **to}


def deleted(row: Row) -> Row:
    where = {"stream_id": row["stream_id"], "topic": row["subject"]} if row["type"] == "stream" else {}
    return {"type": "delete_message", "message_ids": [row["id"]], "message_type": row["type"], **where}


# -- anything


def test_events_of_unknown_kinds_are_passed_over(page: Modules) -> None:
    page.apply(
        {"type": "party", "op": "start"}, {"type": "realm_user", "op": "dance", "person": {"user_id": ANN}}
    )
    assert page.ask("state/users.js", "it.name(given)", ANN) == "Ann Alba"


def test_a_setting_follows_its_event(page: Modules) -> None:
    page.apply({"type": "realm", "op": "update", "property": "name", "value": "Team"})
    page.apply({"type": "user_settings", "op": "update", "property": "enter_sends", "value": True})
    assert page.ask(
        "state/told.js", "[it.realm('name'), it.told('realm_name'), it.setting('enter_sends')]"
    ) == [
        "Team",
        "Team",
        True,
    ]


def test_a_limit_that_goes_without_the_prefix_is_the_same_one(page: Modules) -> None:
    page.load(told(max_file_upload_size_mib=25))
    page.apply({"type": "realm", "op": "update_dict", "data": {"max_file_upload_size_mib": 5}})
    assert page.ask("state/told.js", "it.told('max_file_upload_size_mib')") == 5


# -- people and groups


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ann", [ANN, HELPER]),
        ("alba", [ANN]),
        ("osterreich", [BOB]),
        ("ÖST", [BOB]),
        ("gus@", [GUS]),
        ("nobody", []),
    ],
)
def test_people_are_found_by_names_words_and_addresses(text: str, found: list[int], page: Modules) -> None:
    assert page.ask("state/users.js", "it.search(given).map((each) => each.user_id)", text) == found


def test_who_was_talked_with_last_comes_first(page: Modules) -> None:
    page.apply(arrival(message(sender=HELPER)))
    assert page.ask("state/users.js", "it.search('ann').map((each) => each.user_id)") == [HELPER, ANN]
    assert page.ask("state/users.js", "it.search('ann', 9, {bots: false}).map((each) => each.user_id)") == [
        ANN
    ]


def test_who_is_unknown_has_a_name_and_a_picture_all_the_same(page: Modules) -> None:
    assert page.ask("state/users.js", "[it.isKnown(99), it.name(99), it.picture(99), it.role(99)]") == [
        False,
        "Unknown user",
        "/avatar/99",
        "Member",
    ]


def test_only_who_is_active_can_be_talked_with(page: Modules) -> None:
    assert page.ask("state/users.js", "it.people().map((each) => each.user_id)") == [ANN, BOB, GUS, ME]
    assert GONE in page.ask("state/users.js", "it.all().map((each) => each.user_id)")


@pytest.mark.parametrize(
    ("value", "covered"),
    [
        (MEMBERS, [ME, ANN, BOB]),
        (ADMINS, [ANN]),
        (NOBODY, []),
        ({"direct_members": [GUS], "direct_subgroups": [ADMINS]}, [ANN, GUS]),
    ],
)
def test_a_permission_covers_who_is_in_its_groups(value: Any, covered: list[int], page: Modules) -> None:
    ids = [ME, ANN, BOB, GUS]
    assert page.ask("state/groups.js", f"{ids}.filter((id) => it.covers(given, id))", value) == covered


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (MEMBERS, "Members"),
        (99, "Unknown group"),
        ({"direct_members": [], "direct_subgroups": []}, "Nobody"),
        (
            {"direct_members": [ANN, BOB], "direct_subgroups": [ADMINS]},
            "Administrators, Ann Alba, Bob Österreich",
        ),
        (
            {"direct_members": [1, 2, 3, 4, 5], "direct_subgroups": []},
            "Me Myself, Ann Alba, Bob Österreich and 2 more",
        ),
    ],
)
def test_a_permission_reads_well(value: Any, text: str, page: Modules) -> None:
    assert page.ask("state/groups.js", "it.text(given)", value) == text


def test_groups_in_a_circle_do_no_harm(page: Modules) -> None:
    page.apply(
        {"type": "user_group", "op": "add_subgroups", "group_id": ADMINS, "direct_subgroup_ids": [MEMBERS]}
    )
    assert page.ask("state/groups.js", f"[it.has({ADMINS}, {BOB}), it.has({ADMINS}, {GUS})]") == [True, False]


def test_what_one_may_do_follows_from_groups_and_role(page: Modules) -> None:
    asked = "[it.isAdmin(), it.isGuest(), it.may('can_invite_users_group'), it.may('can_create_groups')]"
    assert page.ask("state/me.js", asked) == [False, False, False, True]
    page.apply({"type": "realm_user", "op": "update", "person": {"user_id": ME, "role": 200}})
    page.apply({"type": "user_group", "op": "add_members", "group_id": ADMINS, "user_ids": [ME]})
    assert page.ask("state/me.js", asked) == [True, False, True, True]


def test_who_goes_out_of_sight_is_unknown(page: Modules) -> None:
    page.apply({"type": "realm_user", "op": "remove", "person": {"user_id": BOB}})
    assert page.ask("state/users.js", f"[it.isKnown({BOB}), it.name({BOB})]") == [False, "Unknown user"]


def test_a_group_that_is_taken_out_of_another_gives_nothing_more(page: Modules) -> None:
    out = {"op": "remove_subgroups", "group_id": MEMBERS, "direct_subgroup_ids": [ADMINS]}
    page.apply({"type": "user_group", **out})
    assert page.ask("state/groups.js", f"[it.has({MEMBERS}, {ANN}), it.members({MEMBERS})]") == [
        False,
        [ME, BOB],
    ]


@pytest.mark.parametrize(
    ("active", "idle", "state"), [(10, 10, "active"), (500, 10, "idle"), (500, 500, "offline")]
)
def test_somebody_is_here_for_as_long_as_the_server_says(
    active: int, idle: int, state: str, page: Modules
) -> None:
    """By the server's clock, whatever ours is."""
    now = 1_000_000
    seen = {"active_timestamp": now - active, "idle_timestamp": now - idle}
    page.load(told(server_timestamp=now, presences={str(ANN): seen}))
    assert page.ask("state/presence.js", f"[it.of({ANN}), it.of({BOB})]") == [state, "offline"]


# -- channels


def test_pinned_channels_come_first_then_by_name(page: Modules) -> None:
    assert page.ask("state/channels.js", "it.subscribed().map((each) => each.name)") == [
        "a secret",
        "general",
        "quiet",
    ]


def test_ones_own_channels_are_found_first_archived_ones_never(page: Modules) -> None:
    assert page.ask("state/channels.js", "it.search('#gene').map((each) => each.stream_id)") == [
        GENERAL,
        OTHER,
    ]
    assert page.ask("state/channels.js", "it.search('').map((each) => each.stream_id)") == [
        SECRET,
        GENERAL,
        QUIET,
        OTHER,
    ]


def test_channels_say_what_they_are_to_one(page: Modules) -> None:
    asked = "[it.isSubscribed(given), it.isMuted(given), it.mayPost(given), it.icon(given)]"
    said = {
        each: page.ask("state/channels.js", asked, each) for each in (GENERAL, SECRET, QUIET, OTHER, OLD, 99)
    }
    assert said == {
        GENERAL: [True, False, True, "hash"],
        SECRET: [True, False, True, "lock"],
        QUIET: [True, True, False, "hash"],
        OTHER: [False, False, True, "hash"],
        OLD: [False, False, False, "hash"],
        99: [False, False, False, "hash"],
    }


def test_a_channel_is_told_with_what_follows_from_the_change(page: Modules) -> None:
    """Its description as HTML; whether newcomers may read what was before."""
    change = {"property": "description", "value": "*soup*", "rendered_description": "<p>soup</p>"}
    page.apply({"type": "stream", "op": "update", "stream_id": GENERAL, **change})
    found = page.ask("state/channels.js", "it.get(given)", GENERAL)
    assert (found["description"], found["rendered_description"]) == ("*soup*", "<p>soup</p>")


def test_who_leaves_a_muted_channel_has_muted_it_no_more(page: Modules) -> None:
    page.apply(
        {"type": "subscription", "op": "remove", "subscriptions": [{"stream_id": QUIET, "name": "quiet"}]}
    )
    assert page.ask("state/channels.js", f"[it.isMuted({QUIET}), it.isSubscribed({QUIET})]") == [False, False]


# -- destinations


@pytest.mark.parametrize(
    ("destination", "key", "hash", "title"),
    [
        (
            LUNCH,
            f"channel:{GENERAL}:lunch",
            f"#narrow/channel/{GENERAL}-general/topic/lunch",
            "#general > lunch",
        ),
        (
            {**LUNCH, "topic": "Café (1.5)"},
            f"channel:{GENERAL}:café (1.5)",
            f"#narrow/channel/{GENERAL}-general/topic/Caf.C3.A9.20.281.2E5.29",
            "#general > Café (1.5)",
        ),
        (
            {**LUNCH, "topic": ""},
            f"channel:{GENERAL}:",
            f"#narrow/channel/{GENERAL}-general/topic/",
            "#general > general chat",
        ),
        (WITH_ANN, f"direct:{ANN}", f"#narrow/dm/{ANN}-Ann-Alba", "Ann Alba"),
        (
            {"type": "direct", "user_ids": [ANN, BOB]},
            "direct:2,3",
            "#narrow/dm/2,3-dm",
            "Ann Alba, Bob Österreich",
        ),
        (ALONE, "direct:", f"#narrow/dm/{ME}-dm", "Me Myself (you)"),
    ],
)
def test_a_destination_has_an_address_and_comes_back_from_it(
    destination: Row, key: str, hash: str, title: str, page: Modules
) -> None:
    asked = "[it.key(given), it.hash(given), it.title(given)]"
    assert page.ask("state/destination.js", asked, destination) == [key, hash, title]
    terms = page.ask("base/place.js", "it.parse(given).terms", hash)
    assert page.ask("state/destination.js", "it.fromTerms(given)", terms) == destination


@pytest.mark.parametrize(
    "terms",
    [
        [],
        [term("channel", GENERAL)],
        [term("channel", "no such"), term("topic", "lunch")],
        [term("channel", GENERAL), term("topic", "lunch", negated=True)],
        [term("channel", GENERAL), term("topic", "lunch"), term("is", "starred")],
        [term("dm", [ANN]), term("search", "soup")],
        [term("topic", "lunch")],
    ],
)
def test_other_narrows_are_no_destination(terms: list[Row], page: Modules) -> None:
    assert page.ask("state/destination.js", "it.fromTerms(given)", terms) is None


def test_topics_that_differ_in_capitals_are_one(page: Modules) -> None:
    assert page.ask("state/destination.js", "it.same(...given)", [LUNCH, {**LUNCH, "topic": "Lunch"}]) is True
    assert page.ask("state/destination.js", "it.same(...given)", [LUNCH, WITH_ANN]) is False


# -- topics and what is unread


@pytest.mark.parametrize(
    ("channel", "value", "muted"),
    [
        (GENERAL, 0, False),
        (GENERAL, MUTED, True),
        (QUIET, 0, True),
        (QUIET, UNMUTED, False),
        (QUIET, FOLLOWED, False),
    ],
)
def test_a_topic_is_muted_by_itself_or_its_channel(
    channel: int, value: int, muted: bool, page: Modules
) -> None:
    page.apply({"type": "user_topic", **policy("Lunch", value, channel)})
    assert page.ask("state/topics.js", "it.isMuted(given, 'lunch')", channel) is muted


def test_a_topic_is_resolved_once(page: Modules) -> None:
    asked = (
        "[it.isResolved('✔ lunch'), it.isResolved('lunch'),"
        " it.resolved('✔ ✔ lunch', true), it.resolved('✔ lunch', false)]"
    )
    assert page.ask("state/topics.js", asked) == [True, False, "✔ lunch", "lunch"]


def unread(page: Modules) -> Row:
    asked = (
        "({total: it.total(), mentions: it.mentions(), general: it.ofChannel(given.general),"
        " quiet: it.ofChannel(given.quiet), ann: it.ofDirect([given.ann])})"
    )
    found: Row = page.ask("state/unread.js", asked, {"general": GENERAL, "quiet": QUIET, "ann": ANN})
    return found


def test_unread_messages_are_counted_where_they_are(page: Modules) -> None:
    page.apply(
        arrival(message()), arrival(message([ANN, ME])), arrival(message(QUIET)), arrival(message(), "read")
    )
    assert unread(page) == {"total": 2, "mentions": 0, "general": 1, "quiet": 0, "ann": 1}
    assert page.ask("state/unread.js", f"it.ofTopic({QUIET}, 'LUNCH')") == 1


def test_what_register_tells_is_unread_as_well(page: Modules) -> None:
    page.load(
        told(
            unread_msgs={
                "pms": [{"other_user_id": ANN, "unread_message_ids": [3]}],
                "huddles": [{"user_ids_string": f"{ME},{ANN},{BOB}", "unread_message_ids": [7, 4]}],
                "streams": [{"stream_id": GENERAL, "topic": "Lunch", "unread_message_ids": [9, 8]}],
                "mentions": [8],
            }
        )
    )
    assert unread(page) == {"total": 5, "mentions": 1, "general": 2, "quiet": 0, "ann": 1}
    assert page.ask("state/unread.js", "it.directs()") == [
        {"user_ids": [ANN, BOB], "count": 2, "max_id": 7},
        {"user_ids": [ANN], "count": 1, "max_id": 3},
    ]
    assert page.ask("state/unread.js", f"it.topics({GENERAL})") == [
        {"topic": "Lunch", "count": 2, "mentions": 1, "max_id": 9}
    ]
    assert page.ask(
        "state/unread.js", "[it.first(given), it.first({type: 'direct', user_ids: [99]})]", LUNCH
    ) == [8, 0]


def test_a_mention_of_all_counts_only_where_it_is_not_muted(page: Modules) -> None:
    page.apply(arrival(message(), "stream_wildcard_mentioned"), arrival(message(), "mentioned"))
    assert unread(page)["mentions"] == 2
    page.apply({"type": "user_topic", **policy("lunch", MUTED)})
    assert unread(page) == {"total": 0, "mentions": 1, "general": 0, "quiet": 0, "ann": 0}


def test_what_is_read_moved_or_deleted_is_no_longer_unread_there(page: Modules) -> None:
    read, away, gone, left = (message() for _ in range(4))
    page.apply(*map(arrival, (read, away, gone, left)))
    page.apply(flagged("add", "read", read["id"]), moved(away, new_stream_id=SECRET), deleted(gone))
    assert page.ask("state/unread.js", "it.ids(given)", LUNCH) == [left["id"]]
    assert page.ask("state/unread.js", f"it.ofChannel({SECRET})") == 1
    page.apply({**flagged("add", "read"), "all": True})
    assert unread(page)["total"] == 0


def test_marked_as_unread_it_is_back(page: Modules) -> None:
    details = {
        "77": {"type": "private", "user_ids": [ANN]},
        "78": {"type": "stream", "stream_id": GENERAL, "topic": "x"},
    }
    page.apply(flagged("remove", "read", 77, 78, message_details=details))
    assert unread(page) == {"total": 2, "mentions": 0, "general": 1, "quiet": 0, "ann": 1}


def test_a_topic_without_a_policy_of_its_own_is_as_its_channel_again(page: Modules) -> None:
    page.apply({"type": "user_topic", **policy("lunch", MUTED)}, {"type": "user_topic", **policy("Lunch", 0)})
    assert page.ask("state/topics.js", f"[it.policy({GENERAL}, 'lunch'), it.all()]") == [0, []]


def test_what_goes_out_of_sight_is_gone_with_what_was_unread_in_it(page: Modules) -> None:
    page.apply(arrival(message(SECRET)), {"type": "stream", "op": "delete", "stream_ids": [SECRET]})
    assert page.ask("state/channels.js", f"[it.get({SECRET}) === undefined, it.name({SECRET})]") == [
        True,
        "Unknown channel",
    ]
    assert unread(page)["total"] == 0


def test_stars_are_counted_until_they_or_their_messages_go(page: Modules) -> None:
    rows = [message() for _ in range(3)]
    page.apply(flagged("add", "starred", *(each["id"] for each in rows)))
    page.apply(flagged("remove", "starred", rows[0]["id"]), deleted(rows[1]))
    assert page.ask("state/starred.js", "it.count()") == 1


# -- messages


def row_of(page: Modules, row: Row) -> Any:
    return page.ask("state/messages.js", "it.get(given)", row["id"])


def test_a_change_makes_another_row(page: Modules) -> None:
    """So that who shows it sees that it is another."""
    row = message()
    page.apply(arrival(row))
    changes = [
        flagged("add", "starred", row["id"]),
        {"type": "reaction", "op": "add", "message_id": row["id"], "emoji_name": "+1", "emoji_code": "1f44d",
         "reaction_type": "unicode_emoji", "user_id": BOB},
        {"type": "submessage", "message_id": row["id"], "submessage_id": 1, "sender_id": BOB,
         "msg_type": "widget", "content": "{}"},
        moved(row, subject="dinner", new_stream_id=SECRET),
    ]  # fmt: skip
    for event in changes * 2:  # told twice is as good as once
        same = page.ask(
            "state/messages.js",
            "import('/state/state.js').then((state) => {const row = it.get(given.id);"
            " state.apply(given.event); return row === it.get(given.id)})",
            {"id": row["id"], "event": event},
        )
        assert same is False or event in changes[2:3]
    found = row_of(page, row)
    assert (found["flags"], len(found["reactions"]), len(found["submessages"])) == (["starred"], 1, 1)
    assert (found["subject"], found["stream_id"], found["display_recipient"]) == (
        "dinner",
        SECRET,
        "a secret",
    )


def test_an_edited_message_has_the_new_text_and_flags(page: Modules) -> None:
    row = message()
    page.apply(arrival(row))
    text = {"rendered_content": "<p>new</p>", "is_me_message": False, "edit_timestamp": 5}
    event = {
        "type": "update_message",
        "message_id": row["id"],
        "message_ids": [row["id"]],
        "flags": ["mentioned"],
    }
    page.apply({**event, **text, "rendering_only": False})
    found = row_of(page, row)
    assert (found["content"], found["flags"], found["last_edit_timestamp"]) == (
        "<p>new</p>",
        ["mentioned"],
        5,
    )


def test_a_preview_is_no_edit(page: Modules) -> None:
    row = message()
    page.apply(arrival(row))
    event = {"type": "update_message", "message_id": row["id"], "message_ids": [row["id"]], "flags": []}
    page.apply(
        {
            **event,
            "rendered_content": "<p>card</p>",
            "is_me_message": False,
            "edit_timestamp": 5,
            "rendering_only": True,
        }
    )
    assert "last_edit_timestamp" not in row_of(page, row)


def test_ten_thousand_messages_leave_the_last_and_those_that_are_shown(page: Modules) -> None:
    rows = [message() for _ in range(10_000)]
    page.ask("state/messages.js", "void it.hold(() => given)", [rows[0]["id"]])
    page.apply(*map(arrival, rows))
    found = set(page.ask("state/messages.js", "it.ids()"))
    assert {rows[0]["id"], *(row["id"] for row in rows[-400:])} <= found
    assert len(found) <= 1100


def test_a_message_that_is_known_stays_as_events_have_made_it(page: Modules) -> None:
    row = message()
    page.apply(arrival(row), flagged("add", "starred", row["id"]))
    page.ask("state/messages.js", "it.put([given])", {**row, "match_content": "<b>hello</b>"})
    found = row_of(page, row)
    assert (found["flags"], found["match_content"]) == (["starred"], "<b>hello</b>")


def test_after_a_new_queue_what_the_server_says_counts(page: Modules) -> None:
    row = message()
    page.apply(arrival(row))
    page.load(told())
    page.ask("state/messages.js", "it.put([given])", {**row, "content": "<p>meanwhile</p>"})
    assert row_of(page, row)["content"] == "<p>meanwhile</p>"


# -- who is typing


def typing(op: str, user_id: int = ANN) -> Row:
    where = {"message_type": "stream", "stream_id": GENERAL, "topic": "lunch"}
    return {"type": "typing", "op": op, "sender": {"user_id": user_id}, **where}


@pytest.mark.parametrize("ends", [typing("stop"), arrival(message(sender=ANN))], ids=["stop", "message"])
def test_somebody_types_until_they_stop_or_have_written(ends: Row, page: Modules) -> None:
    page.apply(typing("start"), typing("start", BOB), typing("start", ME))
    assert page.ask("state/typing.js", "it.who(given)", LUNCH) == [ANN, BOB]
    page.apply(ends)
    assert page.ask("state/typing.js", "it.who(given)", LUNCH) == [BOB]


def test_who_types_in_a_direct_message_is_told_with_all_of_it(page: Modules) -> None:
    people = [{"user_id": each} for each in (ME, ANN, BOB)]
    page.apply(
        {"type": "typing", "op": "start", "message_type": "direct", "sender": people[1], "recipients": people}
    )
    assert page.ask("state/typing.js", "it.who(given)", {"type": "direct", "user_ids": [ANN, BOB]}) == [ANN]


# -- does a message belong into a narrow?

CHANNEL_MESSAGE = message(sender=ANN, flags=["mentioned", "read"])
DIRECT_MESSAGE = message([ME, ANN, BOB], sender=BOB, flags=["starred"])


@pytest.mark.parametrize(
    ("terms", "in_channel", "direct"),
    [
        ([], True, True),
        ([term("channel", GENERAL)], True, False),
        ([term("channel", "General")], True, False),
        ([term("channel", SECRET)], False, False),
        ([term("channel", GENERAL), term("topic", "LUNCH")], True, False),
        ([term("channel", GENERAL, negated=True)], False, True),
        ([term("dm", [ANN, BOB])], False, True),
        ([term("dm", [ME, BOB, ANN])], False, True),
        ([term("dm", [ANN])], False, False),
        ([term("dm-including", [ANN])], False, True),
        ([term("sender", ANN)], True, False),
        ([term("sender", "me")], False, False),
        ([term("is", "dm")], False, True),
        ([term("is", "starred")], False, True),
        ([term("is", "mentioned")], True, False),
        ([term("is", "unread")], False, True),
        ([term("is", "resolved")], False, False),
        ([term("near", 5)], True, True),
        ([term("search", "soup")], None, None),
        ([term("search", "soup"), term("channel", GENERAL)], None, False),
        ([term("of the future", 1)], None, None),
    ],
)
def test_a_message_belongs_into_a_narrow(
    terms: list[Row], in_channel: Any, direct: Any, page: Modules
) -> None:
    asked = "given.rows.map((row) => it.matches(given.terms, row))"
    found = page.ask("live/matching.js", asked, {"terms": terms, "rows": [CHANNEL_MESSAGE, DIRECT_MESSAGE]})
    assert found == [in_channel, direct]


# -- times


NOON = 1_762_945_200  # 12 November 2025, 12:00 in Berlin, a Wednesday


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("it.clock(given)", "12:00"),
        ("it.clock(given + 3600, false)", "1:00 pm"),
        ("it.day(given)", "Today"),
        ("it.day(given - 12 * 3600 - 1)", "Yesterday"),
        ("it.day(given - 7 * 86400)", "Wednesday 5 November"),
        ("it.day(given - 365 * 86400)", "Tuesday, 12 November 2024"),
        ("it.full(given)", "Wednesday, 12 November 2025 at 12:00"),
        ("it.ago(given - 3)", "now"),
        ("it.ago(given - 300)", "5 minutes ago"),
        ("it.ago(given + 7200)", "in 2 hours"),
        ("it.ago(given - 40 * 86400)", "1 month ago"),
        ("it.sameDay(given, given + 12 * 3600)", False),
        ("it.sameDay(given, given + 11 * 3600)", True),
    ],
)
def test_moments_read_well(expression: str, text: Any, page: Modules) -> None:
    page.page.clock.set_fixed_time(NOON)
    assert page.ask("base/time.js", expression, NOON) == text


def test_channels_that_one_joins_are_there_at_once(page: Modules) -> None:
    page.apply(
        {
            "type": "subscription",
            "op": "add",
            "subscriptions": [{**subscription(OTHER, "generous"), "subscribers": [ME]}],
        }
    )
    assert page.ask("state/channels.js", f"[it.isSubscribed({OTHER}), 'subscribers' in it.get({OTHER})]") == [
        True,
        False,
    ]
