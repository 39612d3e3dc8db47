"""The rooms beside the main job, each with something in it: steps against accounts, powers, batches, letters, searches.

Each is looked at by a role who sees it: wide in English for every barrier, then narrow in both languages for what a
width or a language changes (what runs out of the page, what is too small to hit, what was left in English).
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.journeys.client import Program
from tests.journeys.test_browser_journey import TOO_WIDE, People, barriers
from tests.live import LivePortal

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

pytestmark = [pytest.mark.browser, pytest.mark.processes, pytest.mark.timeout(180)]

PASSER_BY = "passer-by"
ROLES = ("rights-holder", "uploader", "handler", "reviewer", "authorizer", "auditor", "service")
GUEST, SUBSCRIBER = "guest@films.example", "sub-1001"
GUEST_NOTICE = {
    "regime": "us", "provider": "cloudhaven",
    "complainant": {"capacity": "owner", "name": "Harbour Films", "postal_address": "Harbour Street 1", "email": GUEST,
                    "phone": "+1 202 555 0143"},
    "works": [{"title": "The Long Harbour", "kind": "film"}],
    "items": [{"url": "https://cloudhaven.example/files/mirror", "external_id": "mirror"}],
    "grounds": "The whole film.", "statements": ["good_faith", "accuracy"], "signature": "/s/ Harbour Films",
}  # fmt: skip
COUNTER = {
    "contact": {"name": "The uploader", "postal_address": "Quay 2", "email": "u@post.example", "phone": "+1 202 555 0144"},
    "grounds": "I made it.", "statements": ["good_faith", "jurisdiction"], "signature": "The uploader",
}  # fmt: skip
# Heads, labels and buttons are the portal's own words, but for names and what people wrote themselves.
ENGLISH_LEFT = """() => [...document.querySelectorAll("h2, h3, label, th[scope=col], dt, main button, legend")]
  .map(one => one.innerText.trim()).filter(said => said && !/[\\u4e00-\\u9fff]/.test(said) && /[a-z]{3}/i.test(said))
  .filter(said => !/@|^Cloudhaven|^Otherhost|\\{\\{/.test(said))"""


@dataclass
class Rooms:
    """What was put into the rooms, by the programs of those who may."""

    program: dict[str, Program]
    mail: Path
    addresses: dict[str, list[str]] = field(default_factory=dict)

    def fill(self) -> None:
        handler, holder, _authorizer = (self.program[who] for who in ("handler", "rights-holder", "authorizer"))
        matters = [one["reference"] for one in handler.get("/api/v1/complaints").expect(200).json["results"]]
        restrictions = handler.get("/api/v1/restrictions").expect(200).json["results"]
        held = next(one["reference"] for one in restrictions if one["state"] == "in_force" and one["step"] != "warning")
        powers = self._powers(holder)
        handler.post(
            "/api/v1/letter-templates",
            {"name": "We look into it", "purpose": "other", "language": "en", "subject": "Your notice {{reference}}",
             "body": "We look into your notice."},
        ).expect(201).json["id"]  # fmt: skip
        handler.post("/api/v1/searches", {"name": "Films that wait", "query": {"q": "film"}}).expect(201)
        preview, report = (self._batch(handler, matters) for _ in range(2))
        handler.post(f"/api/v1/batches/{report['id']}/start", {"digest": report["digest"]}).expect(200)
        handler.post(f"/api/v1/complaints/{matters[0]}/interest", {"about": "matter", "reasons": "A friend."}).expect(
            201
        )
        matter, disclosed = f"/complaints/{matters[1]}", self._disclosed()
        self.addresses = {
            PASSER_BY: ["/policies/cloudhaven/", "/law/cn/", f"/track/{disclosed}/", f"/track/{disclosed}/contact/"],
            "rights-holder": ["/powers/"],
            "uploader": ["/restrictions/", f"/restrictions/{held}/", f"/restrictions/{held}/appeal/"],
            "handler": [
                "/desk/restrictions/", f"/restrictions/{held}/", f"/restrictions/{held}/lifting/",
                "/desk/templates/", "/desk/templates/edit/",
                f"{matter}/letters/", f"{matter}/assignment/", f"{matter}/interest/",
                "/desk/batches/", f"/desk/batches/{preview['id']}/", f"/desk/batches/{report['id']}/",
                "/desk/complaints/?tab=all",
                "/desk/letters/mailbox/",
            ],
            "reviewer": [f"/desk/powers/{powers}/"],
            "authorizer": [
                "/law/cn/cloudhaven/reasonable_period/", f"/complaints/{matters[0]}/exception/", "/desk/flaggers/",
                "/policies/cloudhaven/new/", "/policies/cloudhaven/new/#preview",
            ],
            "auditor": ["/desk/powers/"],
        }  # fmt: skip

    def _disclosed(self) -> str:
        """Have a counter-notice forwarded, with its contact, to somebody without account; return the tracking code."""
        anybody, handler, uploader = (self.program[who] for who in (PASSER_BY, "handler", "uploader"))
        content = {"url": "https://cloudhaven.example/files/mirror", "title": "A film", "media": "video"}
        flags = dict.fromkeys(("private", "shared_tenancy", "earning"), False)
        content |= {"subscriber": {"external_id": SUBSCRIBER}, **flags}
        self.program["service"].put("/api/v1/content/mirror", content).expect(200, 201)
        filed = anybody.post("/api/v1/complaints", GUEST_NOTICE).expect(201).json
        said, link = "", re.compile(r"/complain/confirm/([\w-]+)/")

        def is_mailed() -> bool:
            nonlocal said
            said = "".join(one.read_text(errors="replace") for one in sorted(self.mail.glob("*.eml"))).replace(
                "=\n", ""
            )
            return GUEST in said and link.search(said[said.rindex(GUEST) :]) is not None

        LivePortal.wait(is_mailed)
        found = link.search(said[said.rindex(GUEST) :])
        assert found is not None
        anybody.post("/api/v1/public/complaints/confirm", {"token": found[1]}).expect(200)
        page = f"/api/v1/complaints/{filed['reference']}"
        handler.post(f"{page}/acceptance").expect(200, 201)
        handler.post(f"{page}/measure", {"kind": "removal", "items": ["mirror"], "reasons": "It is whole."}).expect(201)
        uploader.post(f"{page}/counter-notice", COUNTER).expect(201)
        handler.post(f"{page}/forwarding").expect(200, 201, 409)
        return str(filed["tracking_code"])

    @staticmethod
    def _powers(holder: Program) -> str:
        file = holder.upload("powers.txt", b"We let them act for us.").expect(201).json["id"]
        given = {"provider": "cloudhaven", "principal": "Harbour Films", "documents": [file], "since": "2026-01-01"}
        made: str = holder.post("/api/v1/powers", {**given, "works": ["The Long Harbour"]}).expect(201).json["id"]
        return made

    @staticmethod
    def _batch(handler: Program, matters: list[str]) -> dict[str, str]:
        wanted = {"act": "assignment", "references": matters[1:4]}
        made: dict[str, str] = handler.post("/api/v1/batches", wanted).expect(201).json
        return made


@pytest.fixture(scope="module")
def rooms(live_portal: LivePortal) -> Rooms:
    tokens = live_portal.tokens(*(f"{who}@demo.example" for who in ROLES))
    programs = {who: Program(live_portal.url, token) for who, token in zip(ROLES, tokens, strict=True)}
    made = Rooms({**programs, PASSER_BY: Program(live_portal.url)}, live_portal.data_dir / "mail")
    made.fill()
    return made


def preview(page: "Page") -> None:
    """Write a further version of a policy and go on to its preview, which only a form leads to."""
    page.locator("[name=version]").fill("9.9")
    page.locator("button[value=preview]").click()
    page.locator("button[value=publish]").wait_for()


# What stands behind a button of a page, named after its address.
BEHIND = {"preview": preview}
NARROW: "ViewportSize" = {"width": 320, "height": 640}


def look(page: "Page", portal: LivePortal, path: str, language: str) -> list[str]:
    """Return what is wrong with a page, or with what is behind its button, in a language."""
    page.context.add_cookies([{"name": "django_language", "value": language, "url": portal.url}])
    page.set_viewport_size({"width": 1280, "height": 900} if language == "en" else NARROW)
    path, _hash, what = path.partition("#")
    answer = page.goto(path)
    if answer is None or not answer.ok:
        return ["does not open"]
    if what:
        BEHIND[what](page)
    wrong = [f"wide: {one}" for one in barriers(page)] if language == "en" else []
    page.set_viewport_size(NARROW)
    wrong += [f"narrow: {one}" for one in barriers(page, "target-size")]
    wrong += [f"narrow: {wide}"] if (wide := page.evaluate(TOO_WIDE)) else []
    wrong += [f"says {lang}"] if (lang := page.locator("html").get_attribute("lang")) != language else []
    left = page.evaluate(ENGLISH_LEFT) if language == "zh-hans" else []
    return [*wrong, *(f"left in English: {one}" for one in left)]


def test_every_room_is_open_to_everybody_who_has_business_in_it(
    browser: "Browser", live_portal: LivePortal, rooms: Rooms
) -> None:
    everybody, wrong = People(browser, live_portal), []

    for who, addresses in rooms.addresses.items():
        page = everybody.page(who if who == PASSER_BY else f"{who}@demo.example", reduced_motion="reduce")
        for path in addresses:
            for language in ("en", "zh-hans"):
                found = look(page, live_portal, path, language)
                wrong += [f"{who} {path} {language}: {one}" for one in found]

    everybody.close()
    assert [*wrong, *everybody.trouble] == []
