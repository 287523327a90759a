"""`appliance user …`: people, without a browser."""

import argparse
import sys
from typing import Any

from appliance.actions.realm import organization as realm_actions
from appliance.actions.user import api_key as keys
from appliance.actions.user import creation as actions
from appliance.actions.user import deactivation, login_link
from appliance.base.config import Config
from appliance.base.errors import CommandError
from appliance.cli.folder import find_user, opened, show, table, url, utc
from appliance.model.user import Role, User
from appliance.store import user as users
from appliance.store import user_activity
from appliance.store.store import Store


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("user", help="add, list, change people")
    actions = parser.add_subparsers(metavar="ACTION", required=True)

    adding = actions.add_parser("add", help="add a person or a bot")
    adding.add_argument("email")
    adding.add_argument("--name", required=True, help="full name")
    adding.add_argument("--role", choices=[role.name.lower() for role in Role], default="member")
    adding.add_argument("--bot", action="store_true", help="a bot: it has a key and no password")
    adding.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    adding.set_defaults(func=add)

    listing = actions.add_parser("list", help="list everybody")
    listing.set_defaults(func=list_all)

    zuliprc_of = actions.add_parser("zuliprc", help="print a zuliprc that every Zulip client reads")
    zuliprc_of.add_argument("email")
    zuliprc_of.add_argument("--site", metavar="URL", help="how the client reaches the server")
    zuliprc_of.set_defaults(func=zuliprc)

    linking = actions.add_parser("link", help="print a one-time login link, so that no mail is needed")
    linking.add_argument("email", nargs="?", help="whose; without it: the link that makes the first owner")
    linking.set_defaults(func=link)

    for name, func, help in (
        ("reset-key", reset_key, "give somebody a new API key; the old one ends at once"),
        ("deactivate", deactivate, "lock somebody out; what they wrote stays"),
    ):
        changing = actions.add_parser(name, help=help, description=help)
        changing.add_argument("email")
        changing.set_defaults(func=func)


def _shown(user: User) -> dict[str, Any]:
    return {
        "user_id": user.id,
        "email": user.delivery_email,
        "full_name": user.full_name,
        "role": user.role.name.lower(),
        "is_active": user.is_active,
        "is_bot": user.is_bot,
    }


def add(args: argparse.Namespace) -> int:
    password = sys.stdin.readline().rstrip("\n") if args.password_stdin else None
    with opened(args) as (store, _):
        user = actions.create(
            store,
            email=args.email,
            full_name=args.name,
            role=Role[args.role.upper()],
            password=password,
            is_bot=args.bot,
            welcomed=True,
        )
    hint = (
        f"next: appliance user link {user.delivery_email}   or   appliance user zuliprc {user.delivery_email}"
    )
    text = f"{user.full_name} <{user.delivery_email}> is {user.role.name.lower()} {user.id}\n{hint}"
    show(args, {**_shown(user), "api_key": user.api_key}, text)
    return 0


def list_all(args: argparse.Namespace) -> int:
    with opened(args) as (store, _), store.read() as reader:
        visits = user_activity.last_visits(reader)
        everyone = [{**_shown(each), "last_visit": visits.get(each.id)} for each in users.everyone(reader)]
    rows = [(*tuple(each.values())[:-1], utc(each["last_visit"])) for each in everyone]
    show(args, everyone, table(("ID", "ADDRESS", "NAME", "ROLE", "ACTIVE", "BOT", "SEEN"), rows))
    return 0


def zuliprc(args: argparse.Namespace) -> int:
    with opened(args) as (store, config):
        user = find_user(store, args.email)
    site = args.site or url(config)
    facts = {"email": user.delivery_email, "key": user.api_key, "site": site}
    show(args, facts, keys.zuliprc(user, site).rstrip())
    return 0


def link(args: argparse.Namespace) -> int:
    with opened(args) as (store, config):
        made = _link(store, config, args.email)
    show(args, {"link": made}, made)
    return 0


def _link(store: Store, config: Config, email: str | None) -> str:
    if email is not None:
        return f"{url(config)}/login/{login_link.make(store, find_user(store, email))}"
    if realm_actions.has_owner(store):
        raise CommandError("the organization has an owner: name the person whom the link is for")
    return f"{url(config)}/owner/{login_link.make(store, None)}"


def reset_key(args: argparse.Namespace) -> int:
    with opened(args) as (store, _):
        user = find_user(store, args.email)
        api_key = keys.reset(store, user)
    show(args, {**_shown(user), "api_key": api_key}, f"the old key of {user.delivery_email} has ended")
    return 0


def deactivate(args: argparse.Namespace) -> int:
    with opened(args) as (store, _):
        user = find_user(store, args.email)
        deactivation.deactivate(store, user)
    show(args, {**_shown(user), "is_active": False}, f"{user.delivery_email} is locked out")
    return 0
