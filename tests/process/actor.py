"""People who do one thing after the other, at random, and remember what the server said had succeeded."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count

from tests.process.client import GONE, Person
from tests.process.listener import GARDEN, KINDS, PERIOD, Listener

MOST_LISTENERS = 6  # of one actor


class Actor:
    """`starts()` says how often the server has been started until now."""

    def __init__(
        self, person: Person, others: list[Person], chance: random.Random, starts: Callable[[], int]
    ) -> None:
        self.person, self._others, self._chance, self._starts = person, others, chance, starts
        self.listeners: list[Listener] = []
        self.sent: dict[int, str] = {}  # id -> content, of acknowledged messages
        self.periods: list[int] = []  # values of PERIOD that were acknowledged
        self.done = 0  # actions that were acknowledged
        self._numbers = count(1000)
        self._ending = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=f"actor {person.email}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """Waits for its last action."""
        self._ending.set()
        self._thread.join(60)
        assert not self._thread.is_alive()
        if self._failure is not None:
            raise self._failure

    def finish(self) -> None:
        """What every client of anybody hears of last, as far as it hears of anything."""
        self._send(type="direct", to=[each.user_id for each in self._others])
        self._send(type="stream", to="general", topic="the end")
        self.change_setting()

    def _run(self) -> None:
        try:
            for action in self._plan():
                try:
                    action(self)
                    self.done += 1
                except GONE:
                    time.sleep(0.02)  # not tried again: it may have been done
        except BaseException as failure:
            self._failure = failure

    def _plan(self) -> Iterator["Action"]:
        yield from (Actor.subscribe, Actor.register, Actor.register)
        while not self._ending.is_set():
            yield from self._chance.choices(list(WEIGHTS), list(WEIGHTS.values()))

    def register(self) -> None:
        """A client more, which polls from now on, or (one in four) when it is all over."""
        if len(self.listeners) >= MOST_LISTENERS:
            return
        name = self._chance.choice(list(KINDS))
        before = self._starts()
        poller = self.person.register(**KINDS[name].parameters)
        self.listeners.append(Listener(name, poller, (before, self._starts())))
        if self._chance.random() < 0.75:
            self.listeners[-1].listen()

    def send(self) -> None:
        """To somebody, or to several."""
        to = self._chance.sample(self._others, self._chance.randint(1, len(self._others)))
        self._send(type="direct", to=[each.user_id for each in to])

    def say(self) -> None:
        self._send(type="stream", to=self._chance.choice(["general", "general", GARDEN]), topic="lunch")

    def _send(self, **where: object) -> None:
        content = f"{self.person.user_id} says {next(self._numbers)}"
        answer = self.person.ask("POST", "/messages", **where, content=content)
        self.sent[answer["id"]] = content

    def flag(self) -> None:
        """Each message has its flags changed in one direction only: events that wait are merged by direction,
        which by design forgets the order of a change and its opposite."""
        found = self.person.ask("GET", "/messages", anchor="newest", num_before=10, num_after=0)["messages"]
        odd = self._chance.randrange(2)
        ids = [message["id"] for message in found if message["id"] % 2 == odd]
        if ids:
            flag = self._chance.choice(["read", "read", "starred", "collapsed"])
            op = "remove" if odd else "add"
            self.person.ask("POST", "/messages/flags", messages=ids, op=op, flag=flag)

    def change_setting(self) -> None:
        period = next(self._numbers)
        self.person.ask("PATCH", "/settings", **{PERIOD: period})
        self.periods.append(period)

    def subscribe(self) -> None:
        self.person.ask("POST", "/users/me/subscriptions", subscriptions=[{"name": GARDEN}])

    def unsubscribe(self) -> None:
        self.person.ask("DELETE", "/users/me/subscriptions", subscriptions=[GARDEN])

    def report_presence(self) -> None:
        self.person.ask("POST", "/users/me/presence", status="active")

    def drop(self) -> None:
        """One client, for good; it is `deleted` already when the answer gets lost."""
        living = [each for each in self.listeners if not each.deleted]
        if living:
            gone = self._chance.choice(living)
            gone.deleted = True
            self.person.ask("DELETE", "/events", queue_id=gone.poller.queue_id)


Action = Callable[[Actor], None]
WEIGHTS: dict[Action, float] = {
    Actor.send: 6,
    Actor.say: 6,
    Actor.flag: 4,
    Actor.change_setting: 3,
    Actor.register: 2,
    Actor.subscribe: 1,
    Actor.unsubscribe: 1,
    Actor.report_presence: 1,
    Actor.drop: 0.5,
}
