"""A team chat server that speaks Zulip's API, in one process and one SQLite file."""

__version__ = "0.1.0"

# What clients are told. 372 is the lowest level at which the phone app shows no banner, and "10.1" the
# newest version that clients which read it as a number accept (docs/design.md, "The announced level").
ZULIP_FEATURE_LEVEL = 372
ZULIP_VERSION = "10.1"
ZULIP_MERGE_BASE = "10.1"
