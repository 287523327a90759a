"""What those who keep the secrets do while the watchers listen."""

from tests.http.must_not_see.world import ROLES, World


def live_on(world: World) -> None:
    """All that Ann does while the watchers listen."""
    ann, bob = world.ann, world.bob
    at_watchers = " ".join(f"@**{name.capitalize()}**" for name in ROLES)
    for kind in ("shared", "protected"):
        number = world.say(kind, content=f"{at_watchers} @**all** {world.upload(ann, kind)}")
        bob.ask("POST", f"/messages/{number}/reactions", emoji_name="tada")
        ann.ask("PATCH", f"/messages/{number}", content=f"{at_watchers} zq{kind} again")
        ann.ask("PATCH", f"/messages/{number}", topic="zqtopic again", propagate_mode="change_all")
        ann.ask("POST", f"/messages/{number}/typing", op="start")
        place = {"stream_id": world.channels[kind], "topic": "zqtopic"}
        ann.ask("POST", "/typing", type="channel", op="start", **place)
        ann.ask("DELETE", f"/messages/{number}")
        ann.ask("PATCH", f"/streams/{world.channels[kind]}", description="zqtopic zqshared")
    poll = {"message_id": world.messages["poll"], "msg_type": "widget"}
    bob.ask("POST", "/submessage", **poll, content='{"type":"new_option","idx":1,"option":"zqoption"}')
    ann.ask("POST", "/typing", type="direct", op="start", to=[bob.user_id])
    ann.ask("PATCH", "/settings", timezone="Europe/Berlin")
    ann.ask("POST", "/users/me/status", status_text="zqstatus again")
    ann.ask("POST", "/users/me/alert_words", alert_words=["zqalert two"])
    _publish(world)
    sent = {"type": "channel", "to": world.channels["lobby"], "topic": "lobby", "content": "hello"}
    said = ann.ask("POST", "/messages", **sent)["id"]
    ann.ask("POST", f"/messages/{said}/reactions", emoji_name="tada")
    ann.ask("PATCH", f"/messages/{said}", content="hello again")
    limited = world.watchers["limited"].user_id
    bob.ask("POST", "/typing", type="direct", op="start", to=[limited])
    bob.ask("PATCH", f"/bots/{world.hidden.bot}", full_name="Robot Two")


def _publish(world: World) -> None:
    """A message comes out of a private channel; what it was there, is secret still."""
    ann = world.ann
    sent = {"type": "channel", "to": world.channels["shared"], "topic": "zqtopic moves"}
    moved = ann.ask("POST", "/messages", **sent, content="zqbefore")["id"]
    ann.ask("PATCH", f"/messages/{moved}", content="zqpublic")
    ann.ask("PATCH", f"/messages/{moved}", stream_id=world.channels["plaza"], topic="open")
    ann.ask("PATCH", f"/messages/{moved}", content="zqpublic again")
    world.published = moved
