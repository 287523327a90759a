"""What a server imports: nothing heavy until it is needed, and it does without what is missing."""

from pathlib import Path

import pytest

from tests.conftest import until
from tests.outside.bouncer_road import ORG_ID, ORG_KEY, EncryptedPhone
from tests.outside.ntfy import NtfyServer
from tests.process.conftest import Serve
from tests.process.server import ServerProcess
from tests.process.test_phone_push import apns, fcm, pushing  # noqa: F401

HEAVY = (
    "apns2", "cryptography", "h2", "httpx", "jwt", "nacl", "requests", "PIL", "re2", "uritemplate",
    "appliance.actions.export.whole", "appliance.actions.import_zulip.whole",
)  # fmt: skip
# Each of them is told at the end, if it was imported.
TELLING = f"""
import atexit, sys
atexit.register(lambda: print("HEAVY", *[each for each in {HEAVY} if each in sys.modules], flush=True))
"""


def without(*libraries: str) -> str:
    """A prelude: as if they were not installed."""
    return f"import sys\nsys.modules |= dict.fromkeys({libraries})\n"


def test_nothing_heavy_is_imported_before_it_is_needed(serve: Serve) -> None:
    server = serve().start(TELLING)
    hamlet, cordelia = server.people("hamlet", "cordelia")
    hamlet.send(cordelia, "hello")
    assert cordelia.ask("GET", "/appliance/devices")["devices"] == []
    assert server.stop() == 0
    [told] = [line for line in server.log.splitlines() if line.startswith("HEAVY")]
    assert told == "HEAVY"


# checklist 253
def test_roads_whose_libraries_are_missing_are_closed_and_all_else_runs(
    pushing: ServerProcess,  # noqa: F811
) -> None:
    server = pushing.start(without("cryptography", "nacl", "h2", "apns2"))
    for road in ("apns", "fcm", "web"):
        assert f"no pushes by {road}: the package " in server.log
    hamlet, cordelia = server.people("hamlet", "cordelia")
    assert hamlet.send(cordelia, "hello")
    assert cordelia.call("GET", "/appliance/web_push").is_error(503, "PUSH_ROAD_CLOSED")


def test_addresses_of_ones_own_need_none_of_them(serve: Serve) -> None:
    with NtfyServer() as ntfy:
        server = serve(environ={"APPLIANCE_OUTSIDE_PRIVATE_HOSTS": ntfy.server})
        server.start(without("cryptography", "nacl", "h2", "apns2", "jwt"))
        hamlet, cordelia = server.people("hamlet", "cordelia")
        cordelia.ask("POST", "/appliance/ntfy", url=ntfy.topic("mine"))
        hamlet.send(cordelia, "hello")
        until(lambda: [each.message for each in ntfy.published] == ["hello"])


def test_without_its_library_no_encrypted_pushes_are_promised(serve: Serve) -> None:
    environ = {
        "APPLIANCE_PUSH_BOUNCER": "http://127.0.0.1:9",
        "APPLIANCE_PUSH_BOUNCER_ORG_ID": ORG_ID,
        "APPLIANCE_PUSH_BOUNCER_ORG_KEY": ORG_KEY,
    }
    server = serve(environ=environ).start(without("nacl"))
    assert "push by bouncer: encrypted pushes need the library PyNaCl, which is missing here" in server.log
    [cordelia] = server.people("cordelia")
    phone = EncryptedPhone("fcm", 2408)
    registration = {"push_key": phone.push_key, "encrypted_push_registration": "sealed"}
    answer = cordelia.call(
        "POST",
        "/mobile_push/register",
        token_kind="fcm",
        push_account_id=2408,
        bouncer_public_key="key",
        **registration,
    )
    assert answer.is_error(400, "BAD_REQUEST")
    assert "cannot encrypt" in answer.body["msg"]


@pytest.mark.parametrize("package", ["cryptography", "jwt"])
def test_a_library_that_cannot_be_imported_closes_its_road_alone(
    pushing: ServerProcess,  # noqa: F811
    tmp_path: Path,
    package: str,
) -> None:
    """It is installed, and broken."""
    (tmp_path / f"{package}.py").write_text("raise ImportError('libbroken.so: no such file')")
    server = pushing.start(f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\n")
    assert "no pushes by apns: a library cannot be imported: libbroken.so: no such file" in server.log
    hamlet, cordelia = server.people("hamlet", "cordelia")
    assert hamlet.send(cordelia, "hello")
