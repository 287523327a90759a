"""The forms for Zulip's push service; those of the phones' makers in them are tested on their own."""

import pytest

from appliance.notify.push import apns, bouncer, e2ee, fcm
from appliance.notify.push.notification import Notification

REALM = "6f9619ff-8b86-4011-b42d-00cf4fc964ff"
COMMON = {"server": "chat.test", "realm_id": 1, "user_id": 7}
ADD = Notification("add", 7, REALM, COMMON, (991,), title="Ann", body="hello")
REMOVE = Notification("remove", 7, REALM, COMMON, (990, 991))
TEST = Notification("test", 7, REALM, COMMON, title="Test notification")


@pytest.mark.parametrize(("said", "priority"), [(ADD, "high"), (REMOVE, "normal")])
def test_one_push_holds_the_forms_of_both_makers(said: Notification, priority: str) -> None:
    assert bouncer.payload(said) == {
        "realm_uuid": REALM,
        "apns_payload": apns.payload(said),
        "gcm_payload": fcm.data(said),
        "gcm_options": {"priority": priority},
    }


def test_of_a_test_the_service_makes_the_words() -> None:
    assert bouncer.payload(TEST) == {"realm_uuid": REALM, "base_payload": COMMON}


@pytest.mark.parametrize("said", [ADD, REMOVE, TEST])
def test_what_is_to_be_encrypted(said: Notification) -> None:
    assert e2ee.payload(said) == {
        "realm_uuid": REALM,
        "apns": apns.payload(said),
        "fcm": fcm.data(said),
    }


@pytest.mark.parametrize("said", [ADD, REMOVE, TEST])
def test_no_key_of_a_person_is_in_it(said: Notification) -> None:  # checklist 255
    assert "api_key" not in repr([bouncer.payload(said), e2ee.payload(said)])
