"""On which side an address is put where a letter names several, one point each."""

import pytest

from complaints.letters import read
from tests.complaints.letters.test_reading import GOOD_FAITH, NOTICE, SWORN, form

ITEM = "https://github.com/uploader/films"
OWN = "https://github.com/films/own"
FORKS = "**Have you searched for any forks of the allegedly infringing files or repositories?**"
ONLINE = "**If the original work referenced above is available online, please provide a URL.**"


def free(words: str) -> str:
    return f"To the agent,\n\n{words}\n\n{GOOD_FAITH}\n{SWORN}\n\nSincerely,\n[private]\n"


def test_where_the_work_is_online_is_its_own_question():
    copied = f"Another user has copied and uploaded what I published on my account at: {OWN}"

    reading = read(form(work=f"{copied}\n\n{ONLINE}\n\n{OWN}", items=ITEM))

    assert (reading.items, reading.originals) == ([ITEM], [OWN])


def test_a_hidden_speaker_is_the_sender():
    words = f"The game that [private] developed and published on [private] [private] GitHub account at: {OWN}"

    reading = read(form(owner=words, items=ITEM))

    assert (reading.items, reading.originals) == ([ITEM], [OWN])


@pytest.mark.parametrize(
    ("own", "copy"), [("<- Original", "<- Infringer"), ("(original)", "(stolen copy)"), ("- mine", "- fake")]
)
def test_a_label_after_an_address_names_its_side(own: str, copy: str):
    reading = read(free(f"Please remove this infringing code. Compare:\n{OWN} {own}\n{ITEM} {copy}"))

    assert (reading.items, reading.originals) == ([ITEM], [OWN])


def test_what_the_copies_were_taken_from_is_no_copy():
    reading = read(
        form(items=f"Copyright lines are gone in:\n{ITEM}/a.h\n\nThe chunk is taken from here:\n{OWN}/b.h\n{OWN}/c.h")
    )

    assert (reading.items, reading.originals) == ([f"{ITEM}/a.h"], [f"{OWN}/b.h", f"{OWN}/c.h"])


def test_what_the_copies_are_compared_with_is_the_complainants_where_the_work_was_said_to_be_it():
    compared = f"{ITEM}\n\n1. {ITEM}/pull/1 copies word by word from the original pull request {OWN}/pull/2"

    reading = read(form(work=OWN, items=compared))
    again = read(
        form(
            work=f"{OWN}\n\nThe repository {ITEM} is a copy.",
            items=f"{ITEM}\n\nIt copies my original work, {OWN}, whole.",
        )
    )

    assert (reading.items, reading.originals) == ([ITEM, f"{ITEM}/pull/1"], [OWN, f"{OWN}/pull/2"])
    assert (again.items, again.originals) == ([ITEM], [OWN])


def test_the_complainants_own_site_stays_its_own_under_the_question_what_to_take_down():
    reading = read(
        form(work="https://www.films.example/", items=f"{ITEM}\n\nIt shows:\n\nhttps://static.films.example/a.jpg")
    )

    assert reading.items == [ITEM]
    assert reading.originals == ["https://www.films.example/", "https://static.films.example/a.jpg"]


def test_proofs_of_ownership_after_the_items_are_the_complainants():
    reading = read(
        free(
            f"The infringing repositories are:\n{ITEM}\n\nEvidence of ownership is given at\n\nhttps://shop.example/film"
        )
    )

    assert (reading.items, reading.originals) == ([ITEM], ["https://shop.example/film"])


def test_material_that_is_infringed_by_others_is_the_complainants():
    reading = read(form(work=f"Examples of my material that is infringed by this repository:\n{OWN}", items=ITEM))

    assert (reading.items, reading.originals) == ([ITEM], [OWN])


def test_a_list_of_copies_on_several_machines_is_one_list():
    reading = read(
        free(
            "Our original work: https://films.example/film\n\nThe following infringe our copyright, please remove:\n\n"
            f"- {ITEM}\n- https://cloud.example/v/1\n- [copy](https://github.com/other/films)\n- https://cloud.example/v/2"
        )
    )

    assert reading.items == [
        ITEM,
        "https://cloud.example/v/1",
        "https://github.com/other/films",
        "https://cloud.example/v/2",
    ]
    assert reading.originals == ["https://films.example/film"]


def test_a_photograph_called_ours_is_the_complainants():
    reading = read(free("Our photograph: https://photo.example/1\nIllegal content: https://cloud.example/p/5"))

    assert (reading.items, reading.originals) == (["https://cloud.example/p/5"], ["https://photo.example/1"])


COUNTERED = (
    "This is a counter notice. {words}\n\nI swear, under penalty of perjury, that I have a good-faith belief that the "
    "material was removed as a result of a mistake. I consent to the jurisdiction of the Federal District Court and will "
    "accept service of process.\n\nSigned: [private]\n"
)


@pytest.mark.parametrize(
    "words",
    [
        "My video at https://cloud.example/v/9 was removed after a complaint (their film: https://films.example/9).",
        "https://cloud.example/v/9 has been disabled. The complainant's film is https://films.example/9.",
    ],
)
def test_in_a_counter_notice_the_words_after_an_address_say_what_was_taken_down(words: str):
    assert read(COUNTERED.format(words=words)).items == ["https://cloud.example/v/9"]


def test_what_a_counter_notice_calls_the_other_sides_right_was_not_taken_down():
    asked = "**What files were taken down? Please provide URLs for each file.**"
    words = f"\n\n{asked}\n\n{ITEM}\n\nThe notice alleges that it infringes the copyright of this repository: {OWN}."

    assert read(COUNTERED.format(words=words)).items == [ITEM]


def test_a_statement_after_a_sentence_about_licences_is_the_senders():
    licence = "They must include the full licence text, or remove the code.\n\n"

    assert "good_faith" in read(NOTICE.replace(GOOD_FAITH, licence + GOOD_FAITH)).found


def test_a_form_may_say_of_itself_that_it_retracts():
    reading = read(
        form(owner="I own it. This is a retraction notice for a previous strike.", items=f"Please revive {ITEM}")
    )

    assert (reading.kind, reading.items) == ("retraction", [ITEM])


def test_please_disregard_retracts():
    assert read(f"Please disregard the notice I sent about {ITEM}.\n\nThanks,\n[private]").kind == "retraction"


def test_illegally_is_no_way_of_legally():
    reading = read(free(f"We found our film being illegally made available on your website:\n\n{ITEM}"))

    assert (reading.items, reading.originals) == ([ITEM], [])


def test_proof_of_whose_it_is_is_no_item_though_it_speaks_of_infringement():
    proof = "Proof evincing that the film being infringed is owned by Films Pvt. Ltd. is available at:\n\nhttps://films.example/1"

    reading = read(free(f"Our film is illegally made available at:\n\n{ITEM}\n\n{proof}"))

    assert (reading.items, reading.originals) == ([ITEM], ["https://films.example/1"])


def test_a_whole_site_is_complained_about_where_nothing_else_is():
    words = (
        "Our website has been copied and is hosted at: [pirate.example](https://pirate.example/)\n\n"
        "Details of the Original Work:\nWebsite: films.example\n\nDetails of the Infringing Work:\n- Website: pirate.example"
    )

    reading = read(free(words))

    assert (reading.items, reading.originals) == (["https://pirate.example/"], ["https://films.example"])


def test_what_helps_to_notify_the_uploader_is_no_item():
    reading = read(
        free(
            f"2. Identify the item that is infringing on your copyright.\n\n{ITEM}\n\n3. Provide information, if possible, "
            "sufficient to permit us to notify the user who posted the infringing material.\n\nhttps://films.example/film"
        )
    )

    assert reading.items == [ITEM]


def test_an_appendix_after_the_signature_lists_what_infringes():
    reading = read(
        free("These sites infringe our copyright, see below.")
        + "\nAppendix A. List of infringing URLs\n\ni. https://pirate.example/\n"
    )

    assert reading.items == ["https://pirate.example/"]


@pytest.mark.parametrize(
    "lead",
    [
        "All these URLs must be deleted because they contain our copyrighted content:",
        "The following repositories contain our original work:",
    ],
)
def test_what_holds_the_complainants_work_is_complained_about(lead: str):
    reading = read(
        free(f"{lead}\n{ITEM}\nhttps://github.com/other/films\n\nOriginally published at:\nhttps://films.example/")
    )

    assert reading.items == [ITEM, "https://github.com/other/films"]
    assert reading.originals == ["https://films.example/"]


def test_where_the_repository_runs_is_complained_about_under_the_question_what_to_take_down():
    reading = read(
        form(
            work="https://films.example",
            items=f"{ITEM}\n\nGitHub Pages website https://copy.example\n\nSee https://x.example",
        )
    )

    assert (reading.items, reading.originals) == ([ITEM, "https://copy.example"], ["https://films.example"])


def test_rows_parted_by_tabs_after_a_lead_that_ends_in_a_dash_are_complained_about():
    rows = "\n".join(f"{at}\thttps://pirate.example/v/{at}\tpirate.example\t[private]" for at in (1, 2))
    proof = "A DOCUMENT PROVING THAT THE FILM BELONGS TO THE OWNER\nhttps://films.example/en/"

    reading = read(
        free(f"Details of the pirated URL(s) -\n\nNo\tURLs\tDomain\tIP\n{rows}\n\nPlease remove it.\n\n{proof}")
    )

    assert reading.items == ["https://pirate.example/v/1", "https://pirate.example/v/2"]
    assert reading.originals == ["https://films.example/en/"]


def test_the_work_is_no_item_where_the_form_names_none():
    reading = read(form(work=f"A book.\n\n{ONLINE}\n\nhttps://books.example/all", items="[invalid]\n[invalid]"))

    assert (reading.items, reading.originals) == ([], ["https://books.example/all"])


def test_the_front_door_of_the_hosts_machines_is_no_item():
    words = "The film is made accessible without permission at the URL raw.githubusercontent.com, on these URLs:"

    reading = read(free(f"{words}\n\nhttps://raw.githubusercontent.com/uploader/films/a.m3u8\nhttps://films.github.io"))

    assert reading.items == ["https://raw.githubusercontent.com/uploader/films/a.m3u8", "https://films.github.io"]


def test_what_shows_the_infringement_is_no_item():
    shown = f"{ITEM} was copied. You can see further evidence in this commit: {ITEM}/commit/1a2b"

    assert read(form(work=shown, items=ITEM)).items == [ITEM]


def test_the_complainants_site_under_its_signature_is_no_work():
    work = f"Original Work: A film (https://films.example/1)\nURLs:\n{ITEM}\n\nPlease take this down.\n\n"

    reading = read(f"{GOOD_FAITH}\n{SWORN}\n\n{work}--\nKind regards\n[private]\n\nWeb: www.agency.example\n")

    assert (reading.items, reading.originals) == ([ITEM], ["https://films.example/1"])


def test_a_sampling_of_what_the_owner_holds_is_the_owners():
    words = "IP Owner’s Copyrighted Content (a sampling):\n\nhttps://films.example/cat\n\nWhat was located as infringing content:"

    reading = read(free(f"{words}\n\n{ITEM}"))

    assert (reading.items, reading.originals) == ([ITEM], ["https://films.example/cat"])


def test_pairs_of_a_copy_and_its_original_under_the_question_about_the_work():
    pairs = "\n\n".join(f"{ITEM}/{at}.md\nhttps://films.example/{at}" for at in ("a", "b"))

    reading = read(form(work=f"Here are both the infringing URL and our corresponding URL:\n\n{pairs}", items=ITEM))

    assert reading.items == [f"{ITEM}/a.md", f"{ITEM}/b.md", ITEM]
    assert reading.originals == ["https://films.example/a", "https://films.example/b"]


def test_a_profile_picture_may_be_complained_about():
    picture = "https://avatars.githubusercontent.com/u/1?v=4"

    assert read(free(f"URL of the infringing material:\n{picture}\n\nPlease remove it.")).items == [picture]


def test_what_is_owned_and_can_be_seen_somewhere_is_the_owners():
    words = "URL: https://copy.example/1\n\nThis is a reproduction of a film owned by Films Limited which can be seen here:  "

    reading = read(free(f"You host a page which is infringing copyright.\n\n{words}https://films.example/1"))

    assert (reading.items, reading.originals) == (["https://copy.example/1"], ["https://films.example/1"])


def test_a_sworn_promise_that_all_will_be_accurate_is_a_statement():
    sworn = SWORN.replace("in this notification is accurate", "that I submit in every notice shall be accurate")

    assert sworn != SWORN
    assert (
        "accuracy" in read(f"Please remove this infringing code: {ITEM}\n\n{GOOD_FAITH}\n{sworn}\n\n[private]\n").found
    )


def test_where_a_list_of_the_works_is_kept_is_the_complainants():
    words = f"This infringes our copyright, please remove it:\n\n{ITEM}\n\nA representative list of these works is available at"

    assert read(free(f"{words}\nhttp://films.example")).originals == ["http://films.example"]


def test_the_infringed_work_is_the_complainants():
    work = (
        f"The infringed work is the film player ({OWN}), licensed under MIT. Files have been copied from this project."
    )

    reading = read(form(work=work, items=f"[private], in particular:\n[invalid]\n\n{FORKS}\n\n{ITEM}"))

    assert (reading.items, reading.originals) == ([ITEM], [OWN])


@pytest.mark.parametrize(
    "words",
    [
        "It is based on the open source library at https://github.com/libs/core, whose licence allows it.",
        "The disputed code comes from the library https://github.com/libs/core.",
        "Upstream: https://github.com/libs/core",
    ],
)
def test_a_retraction_gives_back_the_retracted_alone_and_not_what_it_comes_from(words: str):
    reading = read(f"I hereby retract my DMCA notice against https://github.com/acme/player. {words}")

    assert reading.items == ["https://github.com/acme/player"]


def test_a_retraction_gives_back_everything_that_it_lists():
    reading = read(
        "We hereby retract our claims of infringement concerning\nhttps://video.example/v/1\nhttps://video.example/v/2\n"
    )

    assert reading.items == ["https://video.example/v/1", "https://video.example/v/2"]


@pytest.mark.parametrize("own", ["https://github.com/me/theme", "https://blueharbour.example/theme"])
def test_an_original_among_the_contact_details_is_the_complainants_own(own: str):
    reading = read(
        "My theme was copied without permission, please remove it.\n\nInfringing repository: https://github.com/them/copy\n\n"
        f"Contact information:\nMara Voss\nmara@blueharbour.example\nMy original theme: {own}\n"
    )

    assert (reading.items, reading.originals) == (["https://github.com/them/copy"], [own])


def test_a_copy_labelled_as_one_is_an_item_even_where_the_work_was_asked_for():
    work, copy, more = "https://films.example/film", "https://copies.example/watch/1", "https://copies.example/list/2"

    reading = read(form(work=f"The original film: {work}\nThe pirate copy: {copy}", items=more))

    assert (reading.items, reading.originals) == ([copy, more], [work])


def test_the_paper_that_gives_power_to_act_is_neither_item_nor_original():
    words = (
        f"Our power of attorney: https://papers.example/power.pdf\n\nPlease remove the infringing repository\n\n{ITEM}"
    )

    reading = read(free(words))

    assert (reading.items, reading.originals) == ([ITEM], [])


def test_works_that_were_infringed_upon_are_the_complainants():
    words = "The infringing page is https://copies.example/a\n\nIt infringes upon the following copyrighted works:"

    reading = read(free(f"{words}\nhttps://films.example/a"))

    assert (reading.items, reading.originals) == (["https://copies.example/a"], ["https://films.example/a"])


def test_an_address_given_for_your_reference_may_still_be_accused():
    reading = read(free("For your reference, the infringing pages are:\nhttps://copies.example/a"))

    assert reading.items == ["https://copies.example/a"]


def test_what_stands_in_your_repository_is_accused():
    reading = read(free(f"We found our film in your repository {ITEM} and ask you to act."))

    assert reading.items == [ITEM]


def test_an_arrow_leads_from_the_copy_to_the_work():
    pairs = f"{ITEM}/blob/main/a.c => {OWN}/blob/main/a.c\n{ITEM}/blob/main/b.c => {OWN}/blob/main/b.c"

    reading = read(form(work=OWN, items=pairs))

    assert reading.items == [f"{ITEM}/blob/main/a.c", f"{ITEM}/blob/main/b.c"]


def test_a_row_of_a_table_names_an_item():
    rows = "Work\tPage\nThe film\thttps://copies.example/a\nThe song\thttps://copies.example/b"

    reading = read(free(f"We ask you to remove unlawful copies of our work.\n\n{rows}"))

    assert reading.items == ["https://copies.example/a", "https://copies.example/b"]


def test_an_owner_who_answers_names_the_thing_that_was_taken_down():
    reading = read(
        "Counter notice\n\nI am the sole owner of https://github.com/maker/tool which was disabled by mistake. "
        "Please restore it. I consent to the jurisdiction of the court.\n\nSincerely,\nThe maker\n"
    )

    assert reading.items == ["https://github.com/maker/tool"]


def test_a_licence_that_prose_links_to_is_no_item():
    reading = read(free(f"Your repository {ITEM} infringes our [licence]({OWN}/blob/main/LICENSE). Please act."))

    assert reading.items == [ITEM]


def test_a_page_that_the_copy_was_taken_from_is_the_complainants_where_it_stands_on_the_next_line():
    words = "The specific addresses:\n\nhttps://copies.example/a\n\nThe unlawful copy was taken from a show on this page:\n\n"

    reading = read(free(f"Please remove what infringes.\n\n{words}https://films.example/show"))

    assert (reading.items, reading.originals) == (["https://copies.example/a"], ["https://films.example/show"])


def test_the_subject_of_a_mail_names_no_item_where_its_words_do():
    mail = "From: rights@films.example\nSubject: Infringement (copies.example/host)\nMIME-Version: 1.0\n\n"
    words = "The infringed materials are identified as follows.\n\n#The film - https://copies.example/film\n"

    reading = read(f"{mail}{words}\n{GOOD_FAITH}\n{SWORN}\n\nYours faithfully,\nThe counsel\n".encode())

    assert reading.items == ["https://copies.example/film"]


def test_when_an_address_was_found_parts_no_list():
    pages = [f"https://copies.example/{number}.ts" for number in (1, 2, 3)]
    words = "\n".join(f"- {page} found on 2030-01-03 20:50:20 UTC " for page in pages)

    reading = read(free(f"These pages unlawfully show our films:\n\nURL:\n\n{words}"))

    assert reading.items == pages


def test_an_official_page_in_brackets_makes_no_list_with_the_copies_under_it():
    shown = "(Legal documents: https://papers.example/p/1)\n(Embed legitimate player: https://films.example/player)"
    pages = ["https://copies.example/a", "https://copies.example/b"]

    reading = read(free(f"URLs with violations:\n\nThe film:\n{shown}\n" + "\n".join(pages)))

    assert (reading.items, reading.originals) == (pages, ["https://films.example/player"])


def test_an_exhibit_under_the_signature_lists_what_infringes():
    letter = free("Please remove all copies of our work at copies.example and its directories.")

    reading = read(f"{letter}\nEXHIBIT 1\nPlease see below for an example:\n\nURL(s):\nhttps://copies.example/film/1\n")

    assert reading.items == ["https://copies.example/film/1"]
