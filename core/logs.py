"""Log lines: one JSON object a line, ids and codes only, nothing that could forge a line or carry personal data."""

import datetime as dt
import json
import logging

PLAIN = frozenset(logging.makeLogRecord({}).__dict__) | {
    "message",
    "asctime",
    "taskName",
    "request",
    "response",
    "server_time",
}


class JsonLines(logging.Formatter):
    """Formats a record as one JSON line. Of an exception it keeps class and places, not its text."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; extras are kept when they are simple values."""
        line = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(),
            "level": record.levelname.lower(),
            "name": record.name,
            "message": record.msg if record.name.startswith(OURS) else _without_values(record),
        }
        extras = {k: v for k, v in record.__dict__.items() if k not in PLAIN}
        line |= {k: v for k, v in extras.items() if isinstance(v, (str, int, float, bool)) and k != "status_code"}
        if "status_code" in record.__dict__:
            line["status"] = record.__dict__["status_code"]
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["places"] = _places(record)
        return json.dumps(line, ensure_ascii=True, default=str)


OURS = ("core", "ledger", "verification", "hosting", "works", "messaging", "complaints", "investigations", "portal")


def _without_values(record: logging.LogRecord) -> str:
    # Django's request log would write addresses with secrets in them; the template of the message is enough.
    return record.msg if record.name.startswith("django.") else record.getMessage()


def _places(record: logging.LogRecord) -> list[str]:
    places = []
    trace = record.exc_info[2] if record.exc_info else None
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 2)[-2]}/{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return places[-12:]
