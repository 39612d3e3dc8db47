"""Compiles every template of ours, so that a slip in one that no test renders is found."""

import os
import sys
from pathlib import Path

import django
from django.template import TemplateSyntaxError
from django.template.loader import get_template

BASE = Path(__file__).resolve().parent.parent


def names() -> list[str]:
    """Return the names under which our templates are asked for."""
    found = {
        str(path.relative_to(folder))
        for folder in BASE.glob("*/templates")
        for path in folder.rglob("*")
        if path.suffix in (".html", ".txt", ".xml")
    }
    return sorted(found)


def main() -> int:
    """Compile all of them and return 1 when one cannot be."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    wrong = 0
    for name in names():
        try:
            get_template(name)
        except (TemplateSyntaxError, UnicodeDecodeError) as error:
            print(f"{name}: {error}")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
