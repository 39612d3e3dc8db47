"""Every setting of a deployment is read in one place and explained on one page."""

import ast
import re
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
READERS = {"str", "bool", "int", "list", "email_url", "db_url", "url", "float", "json"}


def names_read() -> set[str]:
    tree = ast.parse((BASE / "portal" / "settings.py").read_text(encoding="utf-8"))
    return {
        str(node.args[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and node.func.attr in READERS
        and isinstance(node.args[0], ast.Constant)
    }


def names_explained() -> set[str]:
    page = (BASE / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))


def test_every_setting_is_explained() -> None:
    assert names_read() - names_explained() == set()


def test_no_setting_is_explained_that_nobody_reads() -> None:
    assert names_explained() - names_read() == set()


def test_no_other_module_reads_the_environment_for_settings() -> None:
    apps = ("investigations", "complaints", "messaging", "works", "hosting", "verification", "ledger")
    found = [
        str(path.relative_to(BASE))
        for app in apps
        for path in (BASE / app).rglob("*.py")
        if re.search(r"os\.environ|os\.getenv|environ\.Env", path.read_text(encoding="utf-8"))
    ]

    assert found == []
