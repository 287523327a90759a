"""What workers are made of."""

from dataclasses import dataclass

from appliance.base.clock import Clock
from appliance.outside.mail import Mailer
from appliance.store.store import Store


@dataclass(frozen=True, slots=True)
class Parts:
    """`public_url`: where people find the server; `noreply`: what mails are from; `support`: where people
    write to for help; `mails_missed`: whether people are mailed what they miss."""

    store: Store
    clock: Clock
    mailer: Mailer
    public_url: str
    noreply: str
    support: str
    mails_missed: bool
