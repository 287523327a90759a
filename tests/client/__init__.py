"""A client as the API's documentation has it: what POST /register told it, kept up by the events that follow.

client = begin(user_id, answer_of_register, parameters_of_register)
apply(client, event)
differences(client, another)
"""

from tests.client.changes import CHANGES, apply, begin, kind_of
from tests.client.comparison import differences
from tests.client.state import ClientState

__all__ = ["CHANGES", "ClientState", "apply", "begin", "differences", "kind_of"]
