"""Every command of ours is explained on one page, and none that there is not."""

import re
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]


def test_every_command_is_explained() -> None:
    ours = {path.stem for path in BASE.glob("*/management/commands/*.py")} - {"__init__"}
    page = (BASE / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `([a-z_]+)", page, re.MULTILINE)) - {"make"}

    assert ours == explained
