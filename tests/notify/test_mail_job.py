from typing import Any

import pytest

from appliance.notify.mail_job import MailJob, read
from appliance.notify.template import Unsendable

SAYS = {"text": "hello"}


# checklist 96
@pytest.mark.parametrize(
    ("older", "job"),
    [
        ({"to_user_id": 7}, MailJob(to_user_ids=[7], text="hello")),
        ({"to_email": "a@b.test"}, MailJob(to_emails=["a@b.test"], text="hello")),
    ],
)
def test_older_forms(older: dict[str, Any], job: MailJob) -> None:
    assert read({**older, **SAYS}) == job


# checklist 97
@pytest.mark.parametrize("realm_id", [1, None])
def test_the_organization_is_ours(realm_id: int | None) -> None:
    assert read({"to_user_ids": [7], "realm_id": realm_id, **SAYS}).realm_id == realm_id


def test_null_is_as_good_as_nothing() -> None:
    event = {"to_user_ids": None, "to_emails": ["a@b.test"], "language": None, "context": None, **SAYS}
    assert read(event) == MailJob(to_emails=["a@b.test"], text="hello")


# checklist 95
def test_what_is_no_field_of_a_mail_is_left_out() -> None:
    event = {"to_user_ids": [7], "failed_tries": 2, "event_type": "x", **SAYS}
    assert read(event) == MailJob(to_user_ids=[7], text="hello")
    assert event["failed_tries"] == 2


@pytest.mark.parametrize(
    ("event", "why"),
    [
        ([], "not an object"),
        ({}, "exactly one of"),
        ({**SAYS}, "exactly one of"),
        ({"to_user_ids": [], **SAYS}, "exactly one of"),
        ({"to_user_ids": [7], "to_emails": ["a@b.test"], **SAYS}, "exactly one of"),
        ({"to_user_id": 7, "to_email": "a@b.test", **SAYS}, "exactly one of"),
        ({"to_user_ids": [7]}, "neither a text nor a template_prefix"),
        ({"to_user_ids": [7], "realm_id": 2, **SAYS}, "no organization 2"),
        ({"to_user_ids": 7, **SAYS}, "wrong to_user_ids"),
        ({"to_user_ids": ["7"], **SAYS}, "wrong to_user_ids"),
        ({"to_user_ids": [True], **SAYS}, "wrong to_user_ids"),
        ({"to_emails": [7], **SAYS}, "wrong to_emails"),
        ({"to_user_ids": [7], "text": 1}, "wrong text"),
        ({"to_user_ids": [7], "headers": {"List-Id": 1}, **SAYS}, "wrong headers"),
        ({"to_user_ids": [7], "context": [], **SAYS}, "wrong context"),
        ({"to_user_ids": [7], "language": 1, "date": "today", **SAYS}, "wrong language, date"),
    ],
)
def test_what_is_no_mail(event: Any, why: str) -> None:
    with pytest.raises(Unsendable, match=why):
        read(event)
