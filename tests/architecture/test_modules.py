"""A module and a package of one name: Python would load the package and silently leave the module out."""

from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
APPS = ("portal", "investigations", "complaints", "messaging", "works", "hosting", "verification", "ledger", "core")


def test_no_package_hides_a_module_of_its_name() -> None:
    modules = [path for app in APPS for path in (BASE / app).rglob("*.py")]

    assert [str(path.relative_to(BASE)) for path in modules if (path.with_suffix("") / "__init__.py").exists()] == []
