"""Measures lists, searches, pages and filing in a filled database; run by ``bench.lists`` on a stage of its own."""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import django

from bench.stage import seconds_of

ROUNDS = 15
LIST_MS, TEXT_MS, FILING_MS = 50.0, 200.0, 100.0
MONTH = "since=2024-01-05&until=2024-01-30"
SAID_OF = 5  # one conversation for so many complaints
DEEP = 20  # a deep page lies behind this part of all of them


@dataclass
class Figure:
    """What one request cost, in each of the sizes: the median of its milliseconds, and those of CPU, which count.

    CPU is of the web process and of its PostgreSQL process together: other work on the machine does not change it.
    """

    name: str
    limit: float
    path: Callable[[], str]
    who: str = "handler"
    least: int = 0
    most: int = 50
    ms: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    found: list[int] = field(default_factory=list)

    @property
    def is_wrong(self) -> bool:
        """Whether it took too long among all of them, or found another number than it should."""
        return self.cpu[-1] > self.limit or not self.least <= self.found[-1] <= self.most


def figures(world: "World") -> list[Figure]:
    """Return what is measured, and what each is allowed."""
    api, talks = "/api/v1/complaints?", "/api/v1/conversations"

    def asking(query: str) -> Callable[[], str]:
        return lambda: api + query

    texts = [
        ("a word of every one", "q=copyright", 50, 50),
        ("two words, each of half, never together", "q=even+odd", 0, 0),
        ("a word of one in 300", "q=sometimes", 50, 50),
        ("a word of one in 50,000", "q=seldom", 1, 50),
        ("a word of none", "q=zebra", 0, 0),
        ("a word of the oldest 50,000 only", "q=oldhost", 50, 50),
        ("two Chinese words of a third each", "q=侵权+短视频", 50, 50),
        ("a phrase of common words that is nowhere", 'q="copyright+infringement+even+copyright"', 0, 0),
        ("the beginning of a word", "q=cop*", 50, 50),
        ("a whole address", "q=https://oldhost.example/watch/4002", 1, 1),
        ("a common word in a rare state", "q=copyright&state=filed", 50, 50),
    ]
    return [
        Figure("list, newest", LIST_MS, asking(""), least=50),
        Figure("list, deep", LIST_MS, lambda: f"{api}cursor={world.deep_cursor()}", least=50),
        Figure("list of whoever has few", LIST_MS, asking(""), who="rare_holder", least=50),
        Figure("list of whoever has none", LIST_MS, asking(""), who="stranger", most=0),
        Figure("list of an uploader", LIST_MS, asking(""), who="uploader", least=1),
        Figure(
            "list, one state, one law, one month",
            LIST_MS,
            asking("state=acted&regime=jp&since=2024-01-05&until=2024-01-30"),
            least=50,
        ),
        *(
            Figure(f"search: {name}", TEXT_MS, asking(query), least=least, most=most)
            for name, query, least, most in texts
        ),
        Figure("conversations, first page", LIST_MS, lambda: "/conversations/", who="holder"),
        Figure(
            "conversations, page near the end",
            LIST_MS,
            lambda: f"/conversations/?cursor={world.deep_conversations()}",
            who="holder",
        ),
        Figure("conversations by API, first page", LIST_MS, lambda: f"{talks}?", who="holder", least=50),
        Figure(
            "conversations by API, page near the end",
            LIST_MS,
            lambda: f"{talks}?cursor={world.deep_conversations()}",
            who="holder",
            least=1,
        ),
        Figure("desk, first page", LIST_MS, lambda: "/desk/complaints/", least=1, most=999),
        Figure("desk, deep page", LIST_MS, world.deep_desk, least=1, most=999),
        Figure("home of a handler", LIST_MS * 2, lambda: "/home/", least=1, most=999),
        Figure("matter, newest", LIST_MS, lambda: f"/complaints/C-{world.rows - 1:016d}/", least=1, most=999),
        Figure("matter, oldest", LIST_MS, lambda: "/complaints/C-0000000000000001/", who="holder", least=1, most=999),
    ]


class World:
    """The people of the bench, their clients, and how many complaints there are."""

    def __init__(self) -> None:
        from django.test import Client

        from bench.filling import people

        self.rows = 0
        self.people = people()
        self.clients: dict[str, Any] = {}
        for name, account in self.people.accounts.items():
            self.clients[name] = Client(HTTP_HOST="localhost")
            self.clients[name].force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")

    def grow(self, rows: int) -> float:
        """Fill up to so many, and return how long it took."""
        from bench.conversing import fill as converse
        from bench.filling import fill

        began = time.monotonic()
        fill(self.rows, rows, self.people.providers, self.people.holders, self.people.content)
        mine = self.people.content[0].subscriber
        converse(self.rows // SAID_OF, rows // SAID_OF, self.people.accounts, mine)
        self.rows = rows
        return time.monotonic() - began

    def deep_cursor(self) -> str:
        """Return the cursor of a page near the end of the list."""
        from complaints.access import cursor_at

        return cursor_at("next", self.rows // DEEP)

    def deep_conversations(self) -> str:
        """Return the cursor of a page near the end of the conversations of whoever has many."""
        from core.paging import cursor_at
        from messaging.models import Party

        mine = Party.objects.filter(account=self.people.accounts["holder"]).order_by("conversation_id")
        return cursor_at("next", mine[mine.count() // DEEP].conversation_id)

    def deep_desk(self) -> str:
        """Return the address of a page near the end of the desk."""
        from complaints import access

        waiting = access.desk_of(self.people.accounts["handler"]).reverse()[2]
        return f"/desk/complaints/?cursor={waiting.priority}_{waiting.answer_due_at.timestamp():.6f}_{waiting.pk}"

    def measure(self, one: Figure) -> None:
        """Measure one request, and note how many complaints it showed."""
        taken, used = [], 0.0
        one.path()
        for _ in range(ROUNDS):
            path = one.path()
            cpu, began = self.seconds(), time.perf_counter()
            answer = self.clients[one.who].get(path)
            taken.append((time.perf_counter() - began) * 1000)
            used += self.seconds() - cpu
            if answer.status_code != 200:
                raise SystemExit(f"bench: {path} answered {answer.status_code}")
        is_list = answer["Content-Type"].startswith("application/json")
        one.found.append(len(answer.json()["results"]) if is_list else answer.content.count(b'class="reference"'))
        one.ms.append(median(taken))
        one.cpu.append(used / ROUNDS * 1000)

    def seconds(self) -> float:
        """Return the CPU seconds that this process and its PostgreSQL process have used."""
        from django.db import connection

        connection.ensure_connection()
        return time.process_time() + precise_seconds_of(connection.connection.info.backend_pid)

    def file(self, one: Figure) -> None:
        """File as the API does, and note what it cost."""
        taken, began_cpu = [], self.seconds()
        for number in range(ROUNDS * 2):
            notice = {
                "provider": self.people.providers[0].code, "regime": "us",
                "complainant": {"capacity": "owner", "name": "Bench", "postal_address": "1 Street", "phone": "1"},
                "works": [{"title": "The Harbour", "kind": "film"}],
                "items": [{"url": f"https://host.example/filed/{number}"}],
                "grounds": "We made this film; the upload is the whole of it.",
                "statements": ["good_faith", "accuracy"], "signature": "F. Example",
            }  # fmt: skip
            began = time.perf_counter()
            answer = self.clients["holder"].post("/api/v1/complaints", notice, content_type="application/json")
            taken.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 201, answer.content
        one.found.append(1)
        one.ms.append(median(taken))
        one.cpu.append((self.seconds() - began_cpu) / len(taken) * 1000)


def precise_seconds_of(pid: int) -> float:
    """Return the CPU seconds of another process, to the nanosecond where the kernel tells them."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9
    except (OSError, IndexError, ValueError):
        return seconds_of(pid)


def run(rows: int, only: str) -> int:
    """Fill and measure twice, print the table, and return the exit code; ``only`` stands in the names of what is wanted."""
    world = World()
    filing = Figure("filing by API", FILING_MS, lambda: "", most=999)
    measured = [one for one in figures(world) if only in one.name]
    filed = [filing] if only in filing.name else []
    took = 0.0
    for size in (rows // 10, rows):
        took += world.grow(size)
        for one in measured:
            world.measure(one)
        for one in filed:
            world.file(one)
        print(f"{size:,} complaints filled in and measured", file=sys.stderr, flush=True)
    print(f"filled in {took:.0f} s ({rows / took:,.0f} complaints a second)\n")
    sizes = f"{f'{rows // 10:,}':>16}{f'{rows:,}':>16}"
    print(f"{'work, ms of CPU (median ms of the clock)':52}{sizes}{'growth':>8}{'limit':>7}{'found':>7}")
    for one in (*measured, *filed):
        print(shown(one))
    return 1 if any(one.is_wrong for one in (*measured, *filed)) else 0


def shown(one: Figure) -> str:
    """Return a line of the table."""
    before, after = (f"{cpu:.1f} ({ms:.0f})" for cpu, ms in zip(one.cpu, one.ms, strict=True))
    growth, wrong = one.cpu[1] / one.cpu[0], "  WRONG" if one.is_wrong else ""
    return f"{one.name:52}{before:>16}{after:>16}{growth:8.1f}{one.limit:7.0f}{one.found[1]:7}{wrong}"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    sys.exit(run(int(sys.argv[1]), sys.argv[2]))
