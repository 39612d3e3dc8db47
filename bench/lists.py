"""What lists, searches, pages and filing cost among many complaints: ``python -m bench.lists --rows 1000000``.

It fills a database of its own with a tenth and then with all of them, measures both times, and prints the growth. It
fails when something is slower than its limit among all of them, or finds what it should not.
"""

import argparse
import sys

from bench.stage import stage

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.lists", description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--only", metavar="TEXT", default="", help="only the figures in whose name this stands")
    given = parser.parse_args()
    with stage() as on:
        sys.exit(on.shown("bench.listing", str(given.rows), given.only))
