"""What others hear of somebody who has come, and what the newcomer hears."""

from appliance.actions.bot import notification_bot
from appliance.model.realm_setting import NO_CHANNEL
from appliance.model.user import User
from appliance.store import channel as channels
from appliance.store import realm as realms
from appliance.store.transaction import Transaction

TOPIC = "signups"
WELCOME = (
    "Hello, and welcome! In this conversation the server tells you what concerns you alone:"
    " that somebody has added you to a channel, for example."
)
FIRST_STEPS = """\
All this is yours now. What you may want to do first:

* [Invite your colleagues](#organization/invitations), by mail or with a link for all of them.
* [Make channels](#channels/new), one for each thing that you work on.
* [Put in your picture](#settings/profile), and [how you want to be notified](#settings/notifications).
* Say hello in #**general**: everybody who comes will see it.
"""


def introduce(transaction: Transaction, user: User, *, announced: bool, welcomed: bool) -> None:
    if announced:
        _announce(transaction, user)
    if welcomed:
        _welcome(transaction, user)


def _announce(transaction: Transaction, user: User) -> None:
    """In the channel that the organization has chosen for it."""
    channel_id = realms.get(transaction).setting("signup_announcements_stream_id")
    channel = None if channel_id == NO_CHANNEL else channels.with_id(transaction, channel_id)
    if channel is not None:
        said = f"{notification_bot.mention(user)} joined this organization."
        notification_bot.post(transaction, channel, TOPIC, said)


def _welcome(transaction: Transaction, user: User) -> None:
    """Without a message of their own people begin with nothing to show, and zulip-terminal 0.7 does not
    start."""
    notification_bot.tell(transaction, [user], WELCOME, alerts=False)


def show_first_steps(transaction: Transaction, owner: User) -> None:
    """To the first owner, of an organization with nothing in it."""
    notification_bot.tell(transaction, [owner], FIRST_STEPS, seen_by=owner, alerts=False)
