"""The text form that Prometheus scrapes."""

from appliance.base.metrics import Metrics


def test_nothing_counted_yet() -> None:
    metrics = Metrics()
    metrics.counter("requests_total", "Requests.")
    assert metrics.text() == "# HELP requests_total Requests.\n# TYPE requests_total counter\n"


def test_a_counter_counts_per_labels() -> None:
    metrics = Metrics()
    requests = metrics.counter("requests_total", "Requests.")
    requests.add(code="200")
    requests.add(2, code="200")
    requests.add(0.5, code="500")
    assert metrics.text().splitlines()[2:] == [
        'requests_total{code="200"} 3',
        'requests_total{code="500"} 0.5',
    ]


def test_a_gauge_is_asked_when_it_is_scraped() -> None:
    metrics = Metrics()
    queues = [1, 2]
    metrics.gauge("queues", "Open queues.", lambda: len(queues))
    assert metrics.text().endswith("# TYPE queues gauge\nqueues 2\n")
    queues.clear()
    assert metrics.text().endswith("queues 0\n")


def test_a_gauge_with_labels() -> None:
    metrics = Metrics()
    metrics.gauge("jobs", "Jobs.", lambda: {(("queue", "push"),): 2, (("queue", "mail"),): 1})
    assert metrics.text().splitlines()[2:] == ['jobs{queue="mail"} 1', 'jobs{queue="push"} 2']


def test_labels_are_escaped() -> None:
    metrics = Metrics()
    metrics.counter("a", "A.").add(path='"\\\n')
    assert metrics.text().splitlines()[2] == r'a{path="\"\\\n"} 1'


def test_one_metric_can_be_asked_for() -> None:
    metrics = Metrics()
    metrics.gauge("jobs", "Jobs.", lambda: {(("queue", "push"),): 2})
    assert metrics.values("jobs") == {(("queue", "push"),): 2}
    assert metrics.values("others") == {}


def test_who_counts_under_the_same_name_counts_together() -> None:
    metrics = Metrics()
    for _ in range(2):
        metrics.counter("pushes", "Pushes.").add(road="web")
    assert metrics.values("pushes") == {(("road", "web"),): 2}
