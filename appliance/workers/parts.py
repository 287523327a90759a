"""What workers are made of."""

from dataclasses import dataclass, field

from appliance.base.clock import Clock
from appliance.base.metrics import Metrics
from appliance.outside.mail import Mailer
from appliance.outside.preview import Previews
from appliance.outside.roads import Roads
from appliance.outside.webhook import Webhooks
from appliance.store.store import Store


@dataclass(frozen=True, slots=True)
class Parts:
    """`public_url`: where people find the server; `noreply`: what mails are from; `support`: where people
    write to for help; `mails_missed`: whether people are mailed what they miss; `redact`: whether pushes
    leave out what messages say; `secret`: that of the data folder, which signs links in mails."""

    store: Store
    clock: Clock
    mailer: Mailer
    public_url: str
    noreply: str
    support: str
    mails_missed: bool
    roads: Roads
    redact: bool
    metrics: Metrics
    secret: str = field(repr=False)
    webhooks: Webhooks
    previews: Previews
