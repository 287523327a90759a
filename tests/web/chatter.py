"""What other people do, for tests of the page: by the API."""

from tests.web.window import Site


def join(site: Site, channel: str, *names: str) -> None:
    """The first of them makes the channel."""
    for name in names:
        site.person(name).ask("POST", "/users/me/subscriptions", subscriptions=[{"name": channel}])


def write(site: Site, name: str, channel: str, topic: str, content: str = "Well?") -> int:
    told = site.person(name).ask(
        "POST", "/messages", type="channel", to=channel, topic=topic, content=content
    )
    return int(told["id"])


def whisper(site: Site, name: str, *others: str, content: str = "Psst") -> int:
    """A direct message to one or several."""
    to = [site.person(each).user_id for each in others]
    return int(site.person(name).ask("POST", "/messages", type="direct", to=to, content=content)["id"])


def channel_id(site: Site, channel: str) -> int:
    return int(site.person("iago").ask("GET", "/get_stream_id", stream=channel)["stream_id"])
