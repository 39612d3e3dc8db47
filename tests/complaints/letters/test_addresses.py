"""How addresses are cut out of what stands around them."""

import pytest

from complaints.letters.addresses import addresses


def urls(text: str) -> list[str]:
    return [address.url for address in addresses(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see (https://github.com/a/b).", ["https://github.com/a/b"]),
        ("**https://github.com/a/b**", ["https://github.com/a/b"]),
        ("[the copy](https://github.com/a/b), today", ["https://github.com/a/b"]),
        ("[https://github.com/a/b](https://github.com/a/b)", ["https://github.com/a/b"]),
        ("<https://github.com/a/b>", ["https://github.com/a/b"]),
        ("github.com/a/b", ["https://github.com/a/b"]),
        ("uploader.github.io", ["https://uploader.github.io"]),
        ("ishttps://github.com/a/b", ["https://github.com/a/b"]),
        ("https://github.com/a/b,https://github.com/c/d", ["https://github.com/a/b", "https://github.com/c/d"]),
        ("https://github.com/a/b、https://github.com/c/d。", ["https://github.com/a/b", "https://github.com/c/d"]),
        ("https://github.com/a/b这个仓库", ["https://github.com/a/b"]),
        ("https://github.com/a/b/blob/m/影片.mp4", ["https://github.com/a/b/blob/m/影片.mp4"]),
        ("https://films.example/a%20(1).m3u", ["https://films.example/a%20(1).m3u"]),
        ("hxxps://cloud[.]example/v/1", ["https://cloud.example/v/1"]),
        ("hxxp[:]//cloud(dot)example/v/1.", ["http://cloud.example/v/1"]),
        ("see github[.]com/a/b and github(dot)com/c/d", ["https://github.com/a/b", "https://github.com/c/d"]),
        ("[https://github.com/a/b]proves it", ["https://github.com/a/b"]),
        ("(https://github.com/a/b_(1))", ["https://github.com/a/b_(1)"]),
        (
            "https://bücher.example/a and https://xn--bcher-kva.example/b",
            ["https://bücher.example/a", "https://xn--bcher-kva.example/b"],
        ),
        ("https://video.中国/v/1", ["https://video.中国/v/1"]),
        ("http://192.0.2.7/film/19", ["http://192.0.2.7/film/19"]),
        ("The URL is : music.example", ["https://music.example"]),
        ("write to agent@films.example", []),
        ("main.py and README.md", []),
    ],
)
def test_an_address_is_given_as_it_stands(text: str, expected: list[str]):
    assert urls(text) == expected


def test_an_address_broken_by_a_full_line_is_joined():
    first = "https://github.com/uploader/films/tree/6d233c8ff35885a50c6230f4a8d531ebd7c8e29d/public/"

    assert urls(f"{first}\nassets/film.mp4\nThe end") == [f"{first}assets/film.mp4"]


def test_a_list_of_short_lines_is_not_joined():
    assert urls("https://github.com/a/b\nREADME.md\nhttps://github.com/c/d") == [
        "https://github.com/a/b",
        "https://github.com/c/d",
    ]


def test_marks_point_at_the_words_as_written():
    text = "Look at github.com/a/b."

    [address] = addresses(text)

    assert text[address.start : address.end] == address.value == "github.com/a/b"
