"""Zulip's push service, "the bouncer", by which pushes reach Zulip's own phone apps.

account.py   who we are there
client.py    its endpoints
answer.py    what its answers mean
sealing.py   encryption for one device
service.py   the road made of them
"""

from appliance.outside.bouncer.service import road

__all__ = ["road"]
