"""What a client is told when it registers: sections, each a function of one moment (table: sections.py)."""

from appliance.actions.snapshot.moment import Moment, Wishes
from appliance.actions.snapshot.sections import SECTIONS, UNKEPT, Section

__all__ = ["SECTIONS", "UNKEPT", "Moment", "Section", "Wishes"]
