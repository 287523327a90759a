"""What `appliance doctor` and the admin console say of one thing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`level`: ok, warning or error."""

    name: str
    level: str
    text: str
