"""What a narrow shows somebody: conditions on messages, one for each of its terms (term.py), and one
for what the person may read at all."""

from appliance.actions.channel import standing
from appliance.actions.channel.standing import Standings
from appliance.actions.message import access as history
from appliance.actions.search import term as narrow_term
from appliance.actions.search.term import DIRECT, NOTHING
from appliance.base.errors import BadNarrow
from appliance.model import permission
from appliance.model.channel import Channel
from appliance.model.narrow import (
    CONVERSATION,
    OF_DIRECT,
    OF_RECIPIENTS,
    Term,
    identifies_conversation,
)
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import message as messages
from appliance.store.connection import Handle, Reader, integers
from appliance.store.message import HAS_ROW, Condition


def conditions(reader: Reader, user: User, narrow: list[Term]) -> list[Condition]:
    """All hold for what it shows. Raises BadNarrow."""
    terms = _placed(reader, user, narrow)
    return [*narrow_term.conditions(reader, user, terms), *_readable(reader, user, terms)]


# -- the conversation of a message


def _placed(reader: Reader, user: User, narrow: list[Term]) -> list[Term]:
    """With the conversation in the place of `with`. Where the message cannot be read, it is the one that the
    narrow names besides: links to what is gone lead there."""
    marks = [term for term in narrow if term.operator == "with"]
    if not marks:
        return narrow
    if len(marks) > 1:
        raise BadNarrow("Duplicate 'with' operators.")
    rest = [term for term in narrow if term.operator != "with"]
    found = messages.with_id(reader, user.id, narrow_term.number(marks[0].operand))
    if found is not None and history.readable(reader, user, [found], archived=True):
        message = found.message
        place = (
            [Term("dm", [each.id for each in message.people])]
            if message.is_direct
            else [Term("channel", message.channel_id), Term("topic", message.topic)]
        )
        return [*place, *(term for term in rest if term.negated or term.operator not in CONVERSATION)]
    if not identifies_conversation(rest):
        raise BadNarrow("unknown message")
    return rest


# -- what may be read


def _readable(reader: Reader, user: User, terms: list[Term]) -> list[Condition]:
    """What was sent to the user; in a narrow to channels also what was not, but for states of their own."""
    own = [HAS_ROW] if any(term.operator == "is" and term.operand in OF_RECIPIENTS for term in terms) else []
    channel = next((term for term in terms if term.operator == "channel" and not term.negated), None)
    if channel is not None:
        return [*own, in_channel(reader, user, narrow_term.channel(reader, user, channel.operand))]
    if any(_shows_all(user, term) for term in terms):
        return own
    if any(_shows_direct(term) for term in terms):
        return [HAS_ROW]
    return [HAS_ROW, _feed(reader, user)]


def _shows_direct(term: Term) -> bool:
    """Nothing but direct messages."""
    states = term.operator == "is" and term.operand in ("dm", "private")
    return (states or term.operator in OF_DIRECT) and not term.negated


def _shows_all(user: User, term: Term) -> bool:
    """Only what is in channels that the user may read, whether they got it or not."""
    kinds = ("web-public",) if user.is_guest else ("public", "web-public")
    return term.operator == "channels" and term.operand in kinds and not term.negated


def in_channel(handle: Handle, user: User, channel: Channel) -> Condition:
    """For what they may read of it."""
    own = standing.of(handle, user, channel)
    if permission.reads_channel(user, channel, own):
        return ("TRUE", ())
    return HAS_ROW if permission.joins_channel(user, channel, own) else NOTHING


def _feed(reader: Reader, user: User) -> Condition:
    """For what is in conversations, and in channels that the user may read."""
    return (
        # "+": newest first with a look at each, rather than all of every conversation, sorted
        f"+{DIRECT} OR +message.recipient_id IN (SELECT recipient_id FROM channel"
        " WHERE is_web_public OR (NOT invite_only AND ?) OR id IN (SELECT value FROM carray(?))"
        " OR id IN (SELECT channel_id FROM subscription WHERE user_id = ? AND active))",
        (user.id, not user.is_guest, integers(_granted(reader, user)), user.id),
    )


def _granted(reader: Reader, user: User) -> list[int]:
    """Ids of the private channels that they may read because a permission of the channel names them."""
    standings = Standings(reader, user)
    return [
        each.id
        for each in channels.private_with_permissions(reader)
        if permission.joins_channel(user, each, standings.of(each, subscribed=False))
    ]
