"""The command prints a line a letter and says which files it could not read."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from complaints.letters.sources import LARGEST_LETTER_BYTES


def test_each_file_gives_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    for name in ("a.txt", "b.md"):
        (tmp_path / name).write_text("请删除侵权内容：https://cloud.example/v/1", encoding="utf-8")

    call_command("read_letter", str(tmp_path / "a.txt"), str(tmp_path / "b.md"))

    lines = capsys.readouterr().out.splitlines()
    assert [Path(json.loads(line)["file"]).name for line in lines] == ["a.txt", "b.md"]
    assert "侵权" in lines[0]


@pytest.mark.parametrize("kind", ["absent", "too large", "a picture", "a PDF"])
def test_a_file_that_cannot_be_read_fails_after_the_others_were(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "good.txt").write_text("hello", encoding="utf-8")
    if kind == "too large":
        (tmp_path / "bad.txt").write_bytes(b"x" * (LARGEST_LETTER_BYTES + 1))

    if kind == "a picture":
        (tmp_path / "bad.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)))
    if kind == "a PDF":
        (tmp_path / "bad.txt").write_bytes(b"%PDF-1.7\n1 0 obj")

    with pytest.raises(SystemExit) as exit_:
        call_command("read_letter", str(tmp_path / "bad.txt"), str(tmp_path / "good.txt"))

    printed = capsys.readouterr()
    assert exit_.value.code == 1
    assert "bad.txt" in printed.err
    assert len(printed.out.splitlines()) == 1


def test_the_line_is_printed_where_the_terminal_knows_no_chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "a.txt").write_text("请删除侵权内容：https://cloud.example/v/1", encoding="utf-8")
    printed = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(printed, encoding="ascii", write_through=True))

    call_command("read_letter", str(tmp_path / "a.txt"))

    assert "侵权" in json.loads(printed.getvalue())["found"]["infringement_statement"][0]["value"]
