"""Every rule says where it comes from: the law, or the house."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

import pytest

APPS = ("portal", "investigations", "complaints", "messaging", "works", "hosting", "verification", "ledger")
SOURCES = ("Law:", "House rule:")


def modules() -> Iterator[Any]:
    for app in APPS:
        if find_spec(f"{app}.rules") is None:
            continue
        module = importlib.import_module(f"{app}.rules")
        yield module
        for found in pkgutil.iter_modules(getattr(module, "__path__", [])):
            yield importlib.import_module(f"{app}.rules.{found.name}")


RULES: list[Callable[..., Any]] = [
    function
    for module in modules()
    for _, function in inspect.getmembers(module, inspect.isfunction)
    if function.__module__ == module.__name__ and not function.__name__.startswith("_")
]


@pytest.mark.parametrize("rule", RULES, ids=[f"{rule.__module__}.{rule.__name__}" for rule in RULES])
def test_every_rule_cites_its_source(rule: Callable[..., Any]) -> None:
    assert any(source in (rule.__doc__ or "") for source in SOURCES), "say Law: … or House rule: … in the docstring"
