"""Where settings come from, and which database they lead to."""

from pathlib import Path

import pytest

from core.database import application_role, channel_layer_settings, database_settings
from core.environment import data_dir, load_environment

URL = "postgres://app:app-word@db.example:5433/portal"
OWNER_URL = "postgres://owner:owner-word@db.example:5433/portal"


def loaded(folder: Path, monkeypatch: pytest.MonkeyPatch, **given: str) -> dict[str, str]:
    environment = {"PORTAL_DATA": str(folder), **given}
    monkeypatch.setattr("os.environ", environment)
    load_environment(folder)
    return environment


def test_what_the_environment_says_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text(
        "# a comment\nPORT=9000\nexport ALLOWED_HOSTS='a.example,b.example'\nSECRET_KEY=theirs\n"
    )

    found = loaded(tmp_path, monkeypatch, PORT="9999")

    assert (found["PORT"], found["ALLOWED_HOSTS"]) == ("9999", "a.example,b.example")


def test_the_demos_secrets_serve_only_where_nobody_gave_any(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "demo.env").write_text("SECRET_KEY=of-the-demo\nPORTAL_DEMO=1\n")

    assert loaded(tmp_path, monkeypatch)["SECRET_KEY"] == "of-the-demo"
    assert "PORTAL_DEMO" not in loaded(tmp_path, monkeypatch, SECRET_KEY="given")


def test_data_lie_in_the_checkout_unless_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORTAL_DATA", raising=False)
    assert data_dir(tmp_path) == tmp_path / ".data"

    monkeypatch.setenv("PORTAL_DATA", "/srv/portal")
    assert data_dir(tmp_path) == Path("/srv/portal")


def test_the_application_and_the_owner_are_two_roles(tmp_path: Path) -> None:
    as_application = database_settings(data_dir=tmp_path, database_url=URL, owner_url=OWNER_URL, as_owner=False)
    as_owner = database_settings(data_dir=tmp_path, database_url=URL, owner_url=OWNER_URL, as_owner=True)

    assert (as_application["USER"], as_owner["USER"]) == ("app", "owner")
    assert "pool" in as_application["OPTIONS"]  # type: ignore[operator]
    assert application_role(URL) == "app"


def test_without_an_owners_address_the_application_owns(tmp_path: Path) -> None:
    found = database_settings(data_dir=tmp_path, database_url=URL, owner_url="", as_owner=True)

    assert found["USER"] == "app"


def test_without_an_address_it_is_the_embedded_one_and_nothing_is_made(tmp_path: Path) -> None:
    found = database_settings(data_dir=tmp_path / "data", database_url="", owner_url="", as_owner=False)

    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("portal", "portal_app", "")
    assert application_role("") == "portal_app"
    assert not (tmp_path / "data").exists()


def test_a_channel_layer_has_every_setting_spelled_out(tmp_path: Path) -> None:
    database = database_settings(data_dir=tmp_path, database_url=URL, owner_url="", as_owner=False)

    layer = channel_layer_settings(database)

    assert (layer["NAME"], layer["PORT"], layer["TIME_ZONE"]) == ("portal", 5433, None)
    assert not {"pool", "prepare_threshold", "options"} & set(layer["OPTIONS"])


def test_statements_are_kept_unless_something_in_between_keeps_none(tmp_path: Path) -> None:
    where = {"data_dir": tmp_path, "database_url": URL, "owner_url": OWNER_URL}
    kept, not_kept = (
        database_settings(**where, as_owner=False, keeps_statements=keeps)["OPTIONS"]  # type: ignore[arg-type]  # alike
        for keeps in (True, False)
    )

    assert kept["prepare_threshold"] == 1  # type: ignore[index]
    assert set(kept) - set(not_kept) == {"prepare_threshold", "options"}  # type: ignore[call-overload]
