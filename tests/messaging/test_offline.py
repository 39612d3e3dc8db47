"""What the browser may keep for the time without a network, and what the pages give their scripts."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client as Browser
from django.urls import reverse

from messaging.views.offline import WORKER
from tests.messaging import world
from tests.messaging.test_views import address, signed_in

LISTED = re.compile(r'"/static/([^"]+)"')


def test_the_worker_serves_the_conversations_alone_and_is_asked_for_anew() -> None:
    answer = Browser().get(reverse("messaging:worker"))

    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Service-Worker-Allowed"] == "/conversations/"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]


def test_the_worker_keeps_files_that_are_there_and_all_that_they_import() -> None:
    files = LISTED.findall(WORKER.read_text(encoding="utf-8"))

    assert settings.STATIC_URL == "/static/"
    found = {name: finders.find(name) for name in files}
    assert len(found) == 9
    assert all(found.values())
    for name, path in found.items():
        imported = re.findall(r'from "\./([^"]+)"', Path(str(path)).read_text(encoding="utf-8"))
        assert {str(Path(name).parent / one) for one in imported if name.endswith(".js")} <= set(files)


@pytest.mark.django_db
def test_the_page_for_no_network_is_the_same_for_everybody() -> None:
    pair = world.pair()
    page = reverse("messaging:offline")

    seen = [browser.get(page).content.decode() for browser in (Browser(), signed_in(pair.uploader))]

    same = [re.sub(r'nonce="[^"]*"', "", text) for text in seen]
    assert same[0] == same[1]
    assert "csrfmiddlewaretoken" not in same[0]


@pytest.mark.django_db
def test_a_page_with_nobody_signed_in_says_so_to_its_script() -> None:
    pair = world.pair()

    assert "data-nobody" in Browser().get("/").content.decode()
    assert "data-nobody" not in signed_in(pair.uploader).get(address(pair)).content.decode()
