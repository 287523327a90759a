"""The devices of a person that pushes go to."""

from typing import Any

from appliance.base.clock import Clock
from appliance.base.errors import ApiError
from appliance.model.device import Device, Kind
from appliance.model.user import User
from appliance.store import device as devices
from appliance.store.store import Store
from appliance.store.transaction import Transaction

MOST_DEVICES = 50  # of a person; the ones unused for longest go
LONGEST_UNUSED = 270 * 86_400  # seconds, as long as Google keeps one
AT_BOUNCER: tuple[Kind, ...] = ("apns", "fcm")  # what a push service is told of, if there is one
BOUNCER_JOBS, REGISTRATIONS = "push_bouncer", "missedmessage_mobile_notifications"


def register(store: Store, user: User, kind: Kind, token: str, keys: dict[str, Any]) -> int:
    """The device's id; the same for one that is registered again. Raises ApiError for a bot."""
    check_person(user)
    return store.write(lambda transaction: _add(transaction, user.id, kind, token, keys))


def register_encrypted(
    store: Store, user: User, push_account_id: int, phone: Kind, push_key: str, sealed: dict[str, str]
) -> None:
    """A device of which the bouncer alone is to know where it is. `sealed`: what it gets to read it from,
    encrypted_push_registration and bouncer_public_key."""
    check_person(user)
    keys = {"kind": phone, "push_key": push_key, "device_id": None, "error_code": None}

    def write(transaction: Transaction) -> None:
        _add(transaction, user.id, "e2ee", str(push_account_id), keys)
        payload = {"user_profile_id": user.id, "push_account_id": push_account_id, **sealed}
        event = {"type": "register_push_device_to_bouncer", "user_profile_id": user.id, "payload": payload}
        transaction.job(REGISTRATIONS, event)

    store.write(write)


def settle_registration(
    transaction: Transaction,
    user_id: int,
    push_account_id: int,
    device_id: int | None,
    error_code: str | None,
) -> None:
    """What the bouncer has answered to `register_encrypted`: its id of the device, or an error."""
    device = devices.with_token(transaction, user_id, "e2ee", str(push_account_id))
    if device is None:
        return  # taken away meanwhile
    keys = {**device.keys, "device_id": device_id, "error_code": error_code}
    devices.set_keys(transaction, device.id, keys)
    event = {"type": "push_device", "push_account_id": device.token}
    outcome = {"status": "failed", "error_code": error_code} if error_code else {"status": "active"}
    transaction.notice({**event, **outcome}, [user_id])


def unregister(store: Store, user: User, kind: Kind, token: str) -> None:
    """Raises ApiError if the person has no such device."""
    check_person(user)

    def write(transaction: Transaction) -> None:
        device = devices.with_token(transaction, user.id, kind, token)
        if device is None:
            raise ApiError("Token does not exist")
        _take_away(transaction, device)

    store.write(write)


def remove(store: Store, user: User, device_id: int) -> None:
    """By its id in the listing. Raises ApiError, the same for another's device as for none."""

    def write(transaction: Transaction) -> None:
        device = devices.with_id(transaction, device_id)
        if device is None or device.user_id != user.id:
            raise ApiError("Device does not exist")
        _take_away(transaction, device)

    store.write(write)


def check_person(user: User) -> None:
    if user.is_bot:
        raise ApiError("This endpoint does not accept bot requests.")


def clear(transaction: Transaction, user_id: int) -> None:
    """All of a person, who gets a new key, or goes."""
    known = any(each.kind in AT_BOUNCER for each in devices.of_user(transaction, user_id))
    devices.drop_of_user(transaction, user_id)
    if known:
        transaction.job(BOUNCER_JOBS, {"type": "unregister_all", "user_profile_id": user_id})


def forget_unused(store: Store, clock: Clock) -> None:
    """Those that got no push for LONGEST_UNUSED, nor were registered again. Nothing is written in vain."""
    since = int(clock.now()) - LONGEST_UNUSED
    with store.read() as reader:
        if not devices.unused(reader, since):
            return

    def write(transaction: Transaction) -> None:
        for device in devices.unused(transaction, since):
            _take_away(transaction, device)

    store.write(write)


def _add(transaction: Transaction, user_id: int, kind: Kind, token: str, keys: dict[str, Any]) -> int:
    device_id = devices.add(transaction, user_id, kind, token, keys)
    _tell_bouncer(transaction, "register", user_id, device_id, kind)
    by_use = sorted(devices.of_user(transaction, user_id), key=lambda each: (-each.last_used, -each.id))
    for each in by_use[MOST_DEVICES:]:
        _take_away(transaction, each)
    return device_id


def _take_away(transaction: Transaction, device: Device) -> None:
    """At once for the person; a push service is told, and then its row goes."""
    if device.kind in AT_BOUNCER:
        devices.leave(transaction, device.id)
        _tell_bouncer(transaction, "unregister", device.user_id, device.id, device.kind)
    else:
        devices.drop_own(transaction, device.id)


def _tell_bouncer(transaction: Transaction, what: str, user_id: int, device_id: int, kind: Kind) -> None:
    if kind in AT_BOUNCER:
        event = {"type": what, "user_profile_id": user_id, "device_id": device_id}
        transaction.job(BOUNCER_JOBS, event)
