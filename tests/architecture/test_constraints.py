"""Every constraint of every table is violated by some test, which names it; every act is named by some test."""

from functools import cache
from pathlib import Path

from django.apps import apps

BASE = Path(__file__).resolve().parents[2]
OURS = ("investigations", "complaints", "messaging", "works", "hosting", "verification", "ledger", "core")


@cache
def what_tests_say() -> str:
    here = Path(__file__)
    return "\n".join(path.read_text(encoding="utf-8") for path in (BASE / "tests").rglob("*.py") if path != here)


def constraint_names() -> set[str]:
    models = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    return {constraint.name for model in models for constraint in model._meta.constraints}


def test_every_constraint_is_violated_by_a_test() -> None:
    unnamed = {name for name in constraint_names() if name not in what_tests_say()}

    assert unnamed - UNTESTED == set(), "write a test that violates it and names it"


def test_no_constraint_is_excused_that_has_a_test_or_is_gone() -> None:
    assert {name for name in UNTESTED if name not in constraint_names() or name in what_tests_say()} == set()


# Not violated by any test yet. It only gets shorter.
UNTESTED: set[str] = set()
