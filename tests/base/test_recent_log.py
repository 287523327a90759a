"""The last warnings, in memory. As administrators see them: tests/http/test_admin.py."""

import logging
from collections.abc import Iterator

import pytest

from appliance.base import recent_log
from appliance.base.recent_log import RecentLog


@pytest.fixture
def log() -> logging.Logger:
    return logging.Logger("test.recent")


@pytest.fixture
def recent(log: logging.Logger) -> Iterator[RecentLog]:
    handler = RecentLog()
    log.addHandler(handler)
    yield handler
    log.removeHandler(handler)


def texts(recent: RecentLog) -> list[str]:
    return [each.text for each in recent.newest()]


def test_warnings_and_worse_newest_first(log: logging.Logger, recent: RecentLog) -> None:
    for level in (logging.INFO, logging.WARNING, logging.ERROR):
        log.log(level, "at %d", level)
    assert texts(recent) == ["at 40", "at 30"]


def test_it_is_bounded(log: logging.Logger, recent: RecentLog) -> None:
    for number in range(recent_log.KEPT + 5):
        log.warning("%d", number)
    log.warning("x " * recent_log.LONGEST)
    assert len(texts(recent)) == recent_log.KEPT
    assert len(texts(recent)[0]) == recent_log.LONGEST


@pytest.mark.parametrize("secret", ["a" * 40, "ann@example.org"])
def test_what_looks_private_is_masked(log: logging.Logger, recent: RecentLog, secret: str) -> None:
    log.warning("of %s here", secret)
    assert texts(recent) == ["of ******** here"]


def test_a_line_that_cannot_be_formatted_hurts_nobody(
    log: logging.Logger, recent: RecentLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)
    log.warning("%d", "no number")
    assert texts(recent) == []
