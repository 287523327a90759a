import os
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path

import pytest

from appliance.base.errors import StorageError
from appliance.outside import outbox as outbox_module
from appliance.outside.outbox import Outbox


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "outbox")


def letter(message_id: str, text: str = "grüße\n") -> EmailMessage:
    message = EmailMessage(SMTP)
    message["Message-ID"], message["Subject"] = message_id, "Grüße"
    message.set_content(text)
    return message


def files(tmp_path: Path) -> list[str]:
    return sorted(file.name for file in (tmp_path / "outbox").iterdir())


def test_a_mail_is_a_file_that_mail_programs_read(tmp_path: Path, outbox: Outbox) -> None:
    outbox.send(letter("<1.2@chat.test>"))
    read = message_from_bytes((tmp_path / "outbox/1.2@chat.test.eml").read_bytes(), policy=default)
    assert read["Subject"] == "Grüße"
    assert isinstance(read, EmailMessage)
    assert read.get_content().strip() == "grüße"


def test_only_the_owner_of_the_folder_reads_it(tmp_path: Path, outbox: Outbox) -> None:
    outbox.send(letter("<1@chat.test>"))
    assert (tmp_path / "outbox").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "outbox/1@chat.test.eml").stat().st_mode & 0o777 == 0o600


def test_the_same_mail_again_is_the_same_file(tmp_path: Path, outbox: Outbox) -> None:
    for text in ("one", "two"):
        outbox.send(letter("<1@chat.test>", text))
    assert files(tmp_path) == ["1@chat.test.eml"]
    assert b"two" in (tmp_path / "outbox/1@chat.test.eml").read_bytes()


@pytest.mark.parametrize(
    ("message_id", "name"),
    [("<../../x@chat.test>", ".._.._x@chat.test.eml"), ("<a/b@c>", "a_b@c.eml"), ("<a|b@d>", "a_b@d.eml")],
)
def test_an_id_never_leads_out_of_the_folder(
    tmp_path: Path, outbox: Outbox, message_id: str, name: str
) -> None:
    outbox.send(letter(message_id))
    assert files(tmp_path) == [name]


def test_only_the_newest_are_kept(tmp_path: Path, outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_module, "KEPT", 3)
    for number in range(6):
        outbox.send(letter(f"<{number}@chat.test>"))
        os.utime(tmp_path / f"outbox/{number}@chat.test.eml", (number, number))
    assert files(tmp_path) == ["3@chat.test.eml", "4@chat.test.eml", "5@chat.test.eml"]


def test_what_a_crash_left_half_written_is_no_mail(tmp_path: Path, outbox: Outbox) -> None:
    (tmp_path / "outbox").mkdir()
    (tmp_path / "outbox" / "1@chat.test.eml.new").write_text("Message-")
    outbox.send(letter("<1@chat.test>"))
    assert files(tmp_path) == ["1@chat.test.eml"]


def test_a_folder_that_takes_nothing(tmp_path: Path, outbox: Outbox) -> None:
    (tmp_path / "outbox").write_text("a file, not a folder")
    with pytest.raises(StorageError, match=r"cannot be written to .*outbox: "):
        outbox.send(letter("<1@chat.test>"))
