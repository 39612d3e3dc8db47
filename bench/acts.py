"""How many acts a second the ledger takes, each in a transaction of its own: ``python -m bench.acts SECONDS``."""

import datetime as dt
import os
import sys
import threading
import time

import django

THREADS = 4

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()

    from core.actors import SYSTEM
    from ledger.acts import action, record

    @action("bench.noted")
    def note(*, number: int, now: dt.datetime) -> None:
        record(subject=f"bench:{number}", provider="", by=SYSTEM, facts={"number": number}, now=now)

    until = time.monotonic() + float(sys.argv[1])
    counts = [0] * THREADS

    def work(place: int) -> None:
        while time.monotonic() < until:
            note(number=counts[place], now=dt.datetime.now(dt.UTC))
            counts[place] += 1

    threads = [threading.Thread(target=work, args=[place]) for place in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(sum(counts) / float(sys.argv[1]))
