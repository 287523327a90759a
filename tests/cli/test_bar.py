"""The bar of commands that take long."""

import pytest

from appliance.cli.bar import WIDTH, Bar

WORDS = "{done} of {of} messages"


def test_on_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Bar(shown=True)
    for done in (0, 1000, 2000):
        bar.step(WORDS, done, 2000)
    bar.end()
    shown = capsys.readouterr()
    empty, half, full, _ = shown.err.replace("\n", "\r").split("\r")[1:]
    assert empty == f"[{' ' * WIDTH}] 0 of 2000 messages"
    assert half == f"[{'#' * (WIDTH // 2)}{' ' * (WIDTH // 2)}] 1000 of 2000 messages"
    assert full == f"[{'#' * WIDTH}] 2000 of 2000 messages"
    assert shown.out == ""


def test_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Bar(shown=True).step(WORDS, 0, 0)
    assert capsys.readouterr().err == f"\r[{'#' * WIDTH}] 0 of 0 messages"


def test_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Bar(shown=False)
    bar.step(WORDS, 1, 2)
    bar.end()
    assert capsys.readouterr().err == ""
