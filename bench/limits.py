"""What the database itself can do on this machine: pgbench, one INSERT a transaction, and fifty rows a transaction."""

import os
import re
import subprocess

from bench.stage import Stage
from core.embedded_postgres import DATABASE, OWNER

SECONDS = 2
ONE = "INSERT INTO bench_limit (body) VALUES (repeat('x', 200));\n"
FIFTY = "INSERT INTO bench_limit (body) SELECT repeat('x', 200) FROM generate_series(1, 50);\n"


def best_single_inserts(stage: Stage) -> tuple[float, int]:
    """Return the best rate of single INSERTs, and at how many clients."""
    return max((_rate(stage, ONE, clients), clients) for clients in (2, 8, 32, 64))


def rows_by_fifty(stage: Stage) -> float:
    """Return how many rows a second go in by fifty a transaction."""
    return _rate(stage, FIFTY, 8) * 50


def make_table(stage: Stage, statement: str) -> None:
    """Make a table of the bench, as the owner, and let everybody use it."""
    import psycopg

    found = stage.postgres.address(OWNER)
    login = {"host": found.host, "user": found.user, "password": found.password, "dbname": DATABASE}
    with psycopg.connect(**login, autocommit=True) as connection:
        connection.execute(statement.encode())
        connection.execute(b"GRANT ALL ON ALL TABLES IN SCHEMA public TO portal_app")
        connection.execute(b"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO portal_app")


def _rate(stage: Stage, script: str, clients: int) -> float:
    make_table(stage, "CREATE TABLE IF NOT EXISTS bench_limit (id bigserial PRIMARY KEY, body text NOT NULL)")
    file = stage.folder / "limit.sql"
    file.write_text(script, encoding="ascii")
    found = stage.postgres.address(OWNER)
    command = [
        str(stage.postgres.program("pgbench")), "-n", "-M", "prepared", "-f", str(file), "-c", str(clients), "-j", "2",
        "-T", str(SECONDS), "-h", found.host, "-U", found.user, DATABASE,
    ]  # fmt: skip
    environment = {**os.environ, "PGPASSWORD": found.password}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    figure = re.search(r"tps = ([0-9.]+)", done.stdout)
    if figure is None:
        raise SystemExit(f"bench: pgbench failed: {done.stderr[-500:]}")
    return float(figure.group(1))
