import logging
from collections.abc import Callable
from typing import Any

import pytest

from appliance.actions.channel import subscription as subscription_actions
from appliance.actions.channel import subscription_property
from appliance.actions.channel.creation import Terms, Wanted
from appliance.actions.group import user_group as group_actions
from appliance.actions.message import delete as delete_actions
from appliance.actions.message import edit as edit_actions
from appliance.actions.message.edit import Wish
from appliance.actions.personal import muted_user, user_topic
from appliance.actions.user import deactivation
from appliance.actions.user import setting as setting_actions
from appliance.base.errors import ApplianceError
from appliance.model.group import ID
from appliance.model.privacy import PROTECTED
from appliance.model.topic import Policy
from appliance.notify.mail import Missed, compose
from appliance.store import channel as channels
from appliance.store import job as jobs
from appliance.store import realm as realms
from appliance.store.transaction import Job, Transaction
from appliance.workers import missedmessage_email_batches as batches_module
from appliance.workers.missedmessage_email_batches import MissedMessageEmailBatches
from tests.conftest import MakeUser, MovableClock
from tests.workers.conftest import Team
from tests.workers.test_missedmessage_emails import BATCHES, run

MAILS = "email_senders"


def miss(team: Team, message_id: int, trigger: str = "direct_message") -> int:
    """Ann misses the message."""
    run(team, team.ann.id, message_id, trigger)
    return message_id


def batch(team: Team) -> Job:
    (job,) = team.waiting(BATCHES)
    return job


def mails(team: Team) -> list[dict[str, Any]]:
    return [job.event() for job in team.waiting(MAILS)]


def subjects(team: Team) -> list[str]:
    return [mail["subject"] for mail in mails(team)]


# checklist 124: a batch is a job of its own for each person, and ends in one transaction
def test_all_of_a_conversation_is_one_mail(team: Team) -> None:
    for text in ("one", "two", "three"):
        miss(team, team.direct(team.bob, team.ann, text=text))
    team.consume(MissedMessageEmailBatches, batch(team))
    (mail,) = mails(team)
    assert mail["to_user_ids"] == [team.ann.id]
    assert mail["text"].startswith("> one\n> two\n> three\n")
    assert team.left_to_do(team.ann) == [MAILS]


def test_each_conversation_is_a_mail_and_the_newest_is_last(team: Team) -> None:
    at_ann = "@**Ann Miller** hello"
    miss(team, team.direct(team.bob, team.ann))
    miss(team, team.post(team.cyd, at_ann, topic="Lunch"), "mentioned")
    miss(team, team.direct(team.bob, team.ann, team.cyd))
    miss(team, team.post(team.bob, at_ann, topic="dinner"), "mentioned")
    miss(team, team.post(team.cyd, at_ann, topic="LUNCH"), "mentioned")
    miss(team, team.direct(team.bob, team.ann))
    team.consume(MissedMessageEmailBatches, batch(team))
    assert subjects(team) == [
        "Group DMs with Bob and Cyd",
        "#general > dinner",
        "#general > Lunch",
        "DMs with Bob",
    ]


# checklist 125: a batch is of one person. The rows of who cannot be mailed stay until the next batch instead
# of being lost; the job itself becomes a dead letter
def test_trouble_with_one_person_is_no_trouble_for_others(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = team.direct(team.bob, team.ann, team.cyd)
    for person in (team.ann, team.cyd):
        run(team, person.id, message_id)
    for_ann, for_cyd = team.waiting(BATCHES)

    def compose_but_for_ann(missed: Missed, *how: Any) -> dict[str, Any]:
        if missed.user.id == team.ann.id:
            raise ZeroDivisionError("a bug")
        return compose(missed, *how)

    monkeypatch.setattr(batches_module, "compose", compose_but_for_ann)
    with pytest.raises(ZeroDivisionError):
        team.consume(MissedMessageEmailBatches, for_ann)
    team.consume(MissedMessageEmailBatches, for_cyd)
    assert [mail["to_user_ids"] for mail in mails(team)] == [[team.cyd.id]]
    assert (len(team.missed(team.ann)), team.missed(team.cyd)) == (1, [])


# checklist 126: no spans, but what they would hold: the queue, whom for, how many; of the time spent on each
# job there are the statistics of the queue
def test_each_batch_tells_how_much_it_was(team: Team, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, batches_module.__name__)
    for sender in (team.bob, team.bob, team.cyd):
        miss(team, team.direct(sender, team.ann))
    team.consume(MissedMessageEmailBatches, batch(team))
    assert caplog.messages == [f"queue: user {team.ann.id}: 3 messages, 2 mails"]


def test_the_mail_is_in_the_persons_language(team: Team) -> None:
    setting_actions.change(team.store, team.ann, {"default_language": "de"})
    miss(team, team.direct(team.bob, team.ann))
    team.consume(MissedMessageEmailBatches, batch(team))
    assert (subjects(team), mails(team)[0]["language"]) == (["Direktnachrichten mit Bob"], "de")


def test_who_may_not_know_the_sender_is_not_told_the_name(team: Team, make_user: MakeUser) -> None:
    """Dora writes in a channel that she is not in."""
    dora = make_user("Dora Zq")
    subscription_actions.unsubscribe(team.store, dora, ["general"], [dora])
    team.store.write(
        lambda transaction: transaction.execute("UPDATE user SET role = 600 WHERE id = ?", team.ann.id)
    )
    restricted = {"can_access_all_users_group": ID["role:members"]}
    team.store.write(lambda transaction: realms.set_settings(transaction, restricted))
    team.post(dora, "before")
    miss(team, team.post(dora, "@**Ann Miller** hello"), "mentioned")
    team.consume(MissedMessageEmailBatches, batch(team))
    (mail,) = mails(team)
    assert "Dora" not in str(mail)
    assert mail["text"].startswith("Unknown user:\n> before\n")


# -- what is not mailed


def test_a_message_that_was_read_is_not_mailed(team: Team) -> None:
    first = miss(team, team.direct(team.bob, team.ann, text="read"))
    miss(team, team.direct(team.bob, team.ann, text="unread"))
    team.read(team.ann, first)
    team.consume(MissedMessageEmailBatches, batch(team))
    assert mails(team)[0]["text"].startswith("> unread\n\n")


def edit(team: Team, message_id: int, content: str) -> None:
    """As Bob, who wrote it."""
    edit_actions.edit(team.store, team.bob, message_id, Wish(content))


def only_missed(team: Team) -> int:
    [missed] = team.missed(team.ann)
    return missed.message_id


def delete(team: Team) -> None:
    delete_actions.delete(team.store, team.bob, only_missed(team))


def blank(team: Team) -> None:
    edit(team, only_missed(team), "")


def mute_sender(team: Team) -> None:
    muted_user.mute(team.store, team.ann, team.bob.id)


def read_all(team: Team) -> None:
    team.read(team.ann, *(missed.message_id for missed in team.missed(team.ann)))


def deactivate(team: Team) -> None:
    deactivation.deactivate(team.store, team.ann)


def switch_off(team: Team) -> None:
    setting_actions.change(team.store, team.ann, {"enable_offline_email_notifications": False})


def become_bot(team: Team) -> None:
    team.store.write(lambda transaction: transaction.execute("UPDATE user SET bot_type = 1"))


@pytest.mark.parametrize("change", [delete, blank, read_all, mute_sender, deactivate, switch_off, become_bot])
def test_what_happened_meanwhile_stops_the_mail(team: Team, change: Callable[[Team], None]) -> None:
    miss(team, team.direct(team.bob, team.ann))
    change(team)
    team.consume(MissedMessageEmailBatches, batch(team))
    assert team.left_to_do(team.ann) == []


@pytest.fixture
def private(team: Team) -> str:
    """A private channel of Bob and Ann."""
    members = [team.bob, team.ann]
    subscription_actions.subscribe(
        team.store, team.bob, [Wanted("secrets")], members, terms=Terms(PROTECTED)
    )
    return "secrets"


def test_what_one_may_not_read_any_more_is_not_mailed(team: Team, private: str) -> None:
    miss(team, team.post(team.bob, "@**Ann Miller** psst", channel=private), "mentioned")
    subscription_actions.unsubscribe(team.store, team.ann, [private], [team.ann])
    team.consume(MissedMessageEmailBatches, batch(team))
    assert team.left_to_do(team.ann) == []


# -- what an edit made of it

AT_ANN = "@**Ann Miller** hello"


def general(team: Team) -> int:
    with team.store.read() as reader:
        channel = channels.named(reader, "general")
    assert channel is not None
    return channel.id


def do_nothing(team: Team, clock: MovableClock) -> None:
    """Ann hears of what mentions her."""


def hear_all(team: Team, clock: MovableClock) -> None:
    change = (general(team), "email_notifications", True)
    subscription_property.change(team.store, team.ann, [change])


def follow(team: Team, clock: MovableClock) -> None:
    user_topic.choose(team.store, team.ann, general(team), "lunch", Policy.FOLLOWED)
    clock.advance(1)


def test_who_is_not_mentioned_any_more_is_not_mailed(team: Team) -> None:
    """Nor for following the topic, which the mention made them do."""
    message_id = miss(team, team.post(team.bob, AT_ANN), "mentioned")
    edit(team, message_id, "hello")
    team.consume(MissedMessageEmailBatches, batch(team))
    assert team.left_to_do(team.ann) == []


def test_nor_for_a_wildcard_that_is_gone(team: Team) -> None:
    message_id = miss(team, team.post(team.bob, "@**all** hello"), "stream_wildcard_mentioned")
    edit(team, message_id, "hello")
    team.consume(MissedMessageEmailBatches, batch(team))
    assert team.left_to_do(team.ann) == []


@pytest.mark.parametrize(
    ("before", "content", "why"),
    [
        (do_nothing, "@**all** hello", "Everyone in the channel was mentioned."),
        (hear_all, "hello", "You have chosen to get mails of the channel."),
        (follow, "hello", "You follow the topic."),
        (do_nothing, "no, @**Ann Miller**", "You were mentioned."),
    ],
)
def test_the_mail_gives_the_reason_that_is_left(
    team: Team, clock: MovableClock, before: Callable[[Team, MovableClock], None], content: str, why: str
) -> None:
    before(team, clock)
    message_id = miss(team, team.post(team.bob, AT_ANN), "mentioned")
    edit(team, message_id, content)
    team.consume(MissedMessageEmailBatches, batch(team))
    [mail] = mails(team)
    assert f"\n--\n{why}\n" in mail["text"]


def test_a_group_that_is_not_mentioned_any_more_is_not_named(team: Team) -> None:
    members = [team.ann.id]
    group = group_actions.create(team.store, team.bob, group_actions.Wanted("cooks", "", members))
    message_id = team.post(team.bob, "@*cooks* hello")
    run(team, team.ann.id, message_id, "mentioned", group)
    edit(team, message_id, "@**all** hello")
    team.consume(MissedMessageEmailBatches, batch(team))
    [mail] = mails(team)
    assert "\n--\nEveryone in the channel was mentioned.\n" in mail["text"]


# -- what goes before a mention


def test_a_mention_comes_with_what_led_to_it(team: Team, clock: MovableClock) -> None:
    team.post(team.bob, "long ago")
    clock.advance(batches_module.CONTEXT_SECONDS + 1)
    team.post(team.bob, "where do we go?")
    team.post(team.bob, "elsewhere", topic="other")
    miss(team, team.post(team.cyd, "@**Ann Miller** knows"), "mentioned")
    team.consume(MissedMessageEmailBatches, batch(team))
    assert mails(team)[0]["text"].startswith(
        "Bob:\n> where do we go?\n\nCyd:\n> @Ann Miller knows\n\n--\nYou were mentioned.\n"
    )


def test_only_the_newest_of_what_led_to_it(team: Team) -> None:
    for number in range(15):
        team.post(team.bob, f"number {number}")
    miss(team, team.post(team.bob, "@**Ann Miller** knows"), "mentioned")
    team.consume(MissedMessageEmailBatches, batch(team))
    assert mails(team)[0]["text"].startswith("Bob:\n> number 5\n")


def test_a_direct_message_comes_alone(team: Team) -> None:
    team.read(team.ann, team.direct(team.bob, team.ann, text="before"))
    miss(team, team.direct(team.bob, team.ann, text="@**Ann Miller** after"))
    team.consume(MissedMessageEmailBatches, batch(team))
    assert mails(team)[0]["text"].startswith("> @Ann Miller after\n")


def test_hidden_content(team: Team) -> None:
    setting_actions.change(team.store, team.ann, {"message_content_in_email_notifications": False})
    miss(team, team.direct(team.bob, team.ann, text="secret"))
    team.consume(MissedMessageEmailBatches, batch(team))
    assert subjects(team) == ["New messages"]
    assert "secret" not in str(mails(team))


# -- exactly once


def test_the_same_job_again_does_nothing(team: Team) -> None:
    miss(team, team.direct(team.bob, team.ann, text="one"))
    job = batch(team)
    team.consume(MissedMessageEmailBatches, job)
    miss(team, team.direct(team.bob, team.ann, text="two"))
    team.consume(MissedMessageEmailBatches, job)
    assert len(mails(team)) == len(team.missed(team.ann)) == len(team.waiting(BATCHES)) == 1


class Crash(ApplianceError):
    """Instead of a kill."""


@pytest.mark.parametrize("step", ["job", "many"])
def test_a_crash_before_the_commit_leaves_all_as_it_was(
    team: Team, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    miss(team, team.direct(team.bob, team.ann))
    job, missed = batch(team), team.missed(team.ann)

    def crash(*_: object, **__: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(Transaction, step, crash)
        with pytest.raises(Crash):
            team.consume(MissedMessageEmailBatches, job)
    assert (mails(team), team.missed(team.ann), batch(team)) == ([], missed, job)
    team.consume(MissedMessageEmailBatches, job)
    assert len(mails(team)) == 1


@pytest.fixture
def while_composing(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Have something done in the midst of a batch: after it has read, before it writes."""

    def arrange(deed: Callable[[], object]) -> None:
        def composing(*about: Any) -> dict[str, Any]:
            monkeypatch.setattr(batches_module, "compose", compose)
            deed()
            return compose(*about)

        monkeypatch.setattr(batches_module, "compose", composing)

    return arrange


def test_what_comes_during_a_batch_gets_one_of_its_own(
    team: Team,
    while_composing: Callable[[Callable[[], object]], None],
) -> None:
    miss(team, team.direct(team.bob, team.ann, text="one"))
    first = batch(team)
    while_composing(lambda: miss(team, team.direct(team.bob, team.ann, text="two")))
    team.consume(MissedMessageEmailBatches, first)
    assert [mail["text"].split("\n")[0] for mail in mails(team)] == ["> one"]
    assert len(team.missed(team.ann)) == 1
    second = batch(team)
    assert (second.id == first.id, second.run_at) == (False, None)
    team.consume(MissedMessageEmailBatches, second)
    assert [mail["text"].split("\n")[0] for mail in mails(team)] == ["> one", "> two"]
    assert team.left_to_do(team.ann) == [MAILS]


def test_many_are_mailed_in_several_batches(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches_module, "MOST_AT_ONCE", 2)
    for number in range(5):
        miss(team, team.direct(team.bob, team.ann, text=str(number)))
    while team.waiting(BATCHES):
        team.consume(MissedMessageEmailBatches, batch(team))
    shown = [mail["text"].split("\n\n")[0] for mail in mails(team)]
    assert shown == ["> 0\n> 1", "> 2\n> 3", "> 4"]
    assert team.missed(team.ann) == []


def test_rows_whose_batch_is_a_dead_letter_go_with_the_next(team: Team) -> None:
    miss(team, team.direct(team.bob, team.ann, text="one"))
    dead = batch(team)
    team.store.write(lambda transaction: jobs.bury(transaction, dead.id, 4, "broken"))
    miss(team, team.direct(team.bob, team.ann, text="two"))
    team.consume(MissedMessageEmailBatches, batch(team))
    assert mails(team)[0]["text"].startswith("> one\n> two\n")
