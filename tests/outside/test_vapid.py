import threading
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from appliance.model.push_key import decoded
from appliance.outside import vapid as vapid_module
from appliance.outside.road import RoadUnusable
from appliance.outside.vapid import FILE_NAME, LIFE, RENEWED, Vapid
from tests.conftest import MovableClock

AUDIENCE = "https://push.example.org"


@pytest.fixture
def vapid(tmp_path: Path, clock: MovableClock) -> Vapid:
    return Vapid(tmp_path, "admin@example.org", clock.now)


def parts(authorization: str) -> dict[str, str]:
    assert authorization.startswith("vapid ")
    return dict(part.split("=", 1) for part in authorization.removeprefix("vapid ").split(", "))


def claims(authorization: str) -> dict[str, Any]:
    found = parts(authorization)
    key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), decoded(found["k"]))
    options: Any = {"verify_exp": False}
    read: dict[str, Any] = jwt.decode(found["t"], key, ["ES256"], audience=AUDIENCE, options=options)
    return read


def test_looking_makes_no_key(tmp_path: Path, vapid: Vapid) -> None:
    assert list(tmp_path.iterdir()) == []


def test_the_key_is_made_when_it_is_asked_for_and_stays(tmp_path: Path, vapid: Vapid) -> None:
    made = vapid.public_key()
    assert [file.name for file in tmp_path.iterdir()] == [FILE_NAME]
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert made == vapid.public_key() == Vapid(tmp_path, "x@example.org").public_key()
    assert (len(decoded(made)), decoded(made)[0]) == (65, 4)


def test_many_ask_at_once_and_one_key_is_made(vapid: Vapid) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(vapid.public_key())) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(set(found)) == 1


def test_what_a_crash_left_half_written_is_no_key(tmp_path: Path, vapid: Vapid) -> None:
    (tmp_path / FILE_NAME).with_suffix(".new").write_text("-----BEGIN")
    assert vapid.public_key() == Vapid(tmp_path, "x@example.org").public_key()


def test_a_token_says_who_to_whom_and_until_when(vapid: Vapid, clock: MovableClock) -> None:
    found = claims(vapid.authorization(AUDIENCE))
    assert found == {"aud": AUDIENCE, "exp": int(clock.now() + LIFE), "sub": "mailto:admin@example.org"}
    assert parts(vapid.authorization(AUDIENCE))["k"] == vapid.public_key()
    assert LIFE < 24 * 3600


def test_a_token_is_used_until_half_its_life_is_over(vapid: Vapid, clock: MovableClock) -> None:
    first = vapid.authorization(AUDIENCE)
    clock.advance(RENEWED - 1)
    assert vapid.authorization(AUDIENCE) == first
    clock.advance(1)
    assert claims(vapid.authorization(AUDIENCE))["exp"] == int(clock.now() + LIFE)


def test_a_token_is_of_one_service(vapid: Vapid) -> None:
    assert vapid.authorization(AUDIENCE) != vapid.authorization("https://other.example.org")


def test_a_token_that_was_not_taken_is_made_anew(vapid: Vapid) -> None:
    first = vapid.authorization(AUDIENCE)
    vapid.forget(AUDIENCE)
    assert vapid.authorization(AUDIENCE) != first


def test_after_the_clock_was_set_back_there_is_a_new_token(vapid: Vapid, clock: MovableClock) -> None:
    clock.advance(86_400)
    vapid.authorization(AUDIENCE)
    clock.advance(-86_400)
    assert claims(vapid.authorization(AUDIENCE))["exp"] == int(clock.now() + LIFE)


def test_tokens_are_bounded(vapid: Vapid, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vapid_module, "MOST_TOKENS", 3)
    first = [vapid.authorization(f"https://{number}.example.org") for number in range(4)]
    again = [vapid.authorization(f"https://{number}.example.org") for number in (3, 2, 1, 0)]
    assert [then == now for then, now in zip(reversed(first), again, strict=True)] == [
        True,
        True,
        True,
        False,
    ]


RSA = generate_private_key(65537, 1024).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nonsense",
        b"\xff\xfe",
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        b"-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----\n",
        b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        RSA,
    ],
)
def test_a_broken_file_is_said_at_start_and_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(RoadUnusable, match=r"vapid\.pem is not the key"):
        Vapid(tmp_path, "x@example.org")
    assert (tmp_path / FILE_NAME).read_bytes() == content


def test_a_secret_that_is_not_of_the_public_key(tmp_path: Path, vapid: Vapid) -> None:
    vapid.public_key()
    lines = (tmp_path / FILE_NAME).read_text().splitlines()
    lines[2] = "A" * 20 + lines[2][20:]
    (tmp_path / FILE_NAME).write_text("\n".join(lines) + "\n")
    with pytest.raises(RoadUnusable, match="not the key"):
        Vapid(tmp_path, "x@example.org").authorization(AUDIENCE)


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(RoadUnusable, match=r"vapid\.pem cannot be read"):
        Vapid(tmp_path, "x@example.org")


def test_a_folder_that_takes_nothing(tmp_path: Path, vapid: Vapid) -> None:
    (tmp_path / "vapid.pem.new").mkdir()
    with pytest.raises(RoadUnusable, match=r"vapid\.pem cannot be written"):
        vapid.public_key()
