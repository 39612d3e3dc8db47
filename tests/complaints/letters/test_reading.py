"""What is read in short invented letters, one point each."""

import pytest

from complaints.letters import Kind, read

GOOD_FAITH = (
    "I have a good faith belief that use of the copyrighted materials described above on the infringing web pages is "
    "not authorized by the copyright owner, or its agent, or the law."
)
SWORN = (
    "I swear, under penalty of perjury, that the information in this notification is accurate and that I am the "
    "copyright owner, or am authorized to act on behalf of the owner, of an exclusive right that is allegedly infringed."
)
NOTICE = f"""To the agent,

The original film can be seen at https://films.example/film.

The infringing copies are here:
https://github.com/uploader/films
https://github.com/uploader/more/blob/main/film.mp4

{GOOD_FAITH}
{SWORN}

Phone: [private]

Sincerely,
[private]
"""
COUNTER = """This is a counter notice under 17 USC 512(g)(3) to the notice at https://github.com/github/dmca/blob/master/n.md.

The following repository was taken down: https://github.com/uploader/films

I swear, under penalty of perjury, that I have a good-faith belief that the material was removed or disabled as a
result of a mistake or misidentification of the material to be removed or disabled.
I consent to the jurisdiction of Federal District Court for the judicial district in which my address is located, and
I will accept service of process from the person who provided the notification or an agent of such person.

Address: 1 Example Street, Sampletown
Phone: [private]

Signed: [private]
"""


def form(**answers: str) -> str:
    questions = {
        "owner": "**Are you the copyright holder or authorized to act on the copyright owner's behalf?**",
        "work": "**Please provide a detailed description of the original copyrighted work that has allegedly been "
        "infringed. If possible, include a URL to where it is posted online.**",
        "items": "**What files should be taken down? Please provide URLs for each file, or if the entire repository, "
        "the repository’s URL.**",
        "forks": '**<a href="https://docs.github.com/articles/dmca-takedown-policy#b">Have you searched for any forks'
        "</a> of the allegedly infringing files or repositories? Each fork is a distinct repository.**",
        "licence": "**Is the work licensed under an open source license?**",
        "infringer": "**Do you have the alleged infringer’s contact information? If so, please provide it.**",
        "prompt": f'**Type (or copy and paste) the following statement: "{GOOD_FAITH}"**',
        "contact": "**So that we can get back to you, please provide either your telephone number or physical address.**",
        "signature": "**Please type your full legal name below to sign this request.**",
    }
    return "\n\n".join(f"{question}\n\n{answers.get(name, '')}" for name, question in questions.items())


def test_a_free_notice_gives_items_originals_and_nothing_missing():
    reading = read(NOTICE, name="letter.txt")

    assert reading.kind is Kind.NOTICE
    assert reading.items == ["https://github.com/uploader/films", "https://github.com/uploader/more/blob/main/film.mp4"]
    assert reading.originals == ["https://films.example/film"]
    assert (reading.language, reading.regime, reading.missing) == ("en", "us", [])


def test_every_mark_shows_the_words_it_stands_for():
    for letter in (NOTICE, COUNTER, form(items="https://github.com/uploader/films", signature="[private]")):
        reading = read(letter)

        for marks in reading.found.values():
            assert all(reading.text[mark.start : mark.end] == mark.value for mark in marks)


def test_a_counter_notice_asks_for_what_was_taken_down_and_not_for_the_notice_it_answers():
    reading = read(COUNTER)

    assert reading.kind is Kind.COUNTER_NOTICE
    assert reading.items == ["https://github.com/uploader/films"]
    assert reading.missing == []


def test_a_retraction_names_what_is_no_longer_complained_about():
    reading = read("I hereby withdraw my DMCA notice about https://github.com/uploader/films.\n\nRegards,\n[private]")

    assert reading.kind is Kind.RETRACTION
    assert reading.items == ["https://github.com/uploader/films"]


def test_a_letter_about_something_else_is_neither():
    assert read("Please tell me how I can change my password.").kind is Kind.OTHER


def test_a_form_puts_each_answer_on_its_side():
    reading = read(
        form(
            owner="Yes, I am the copyright holder.",
            work="A film: https://films.example/film and https://github.com/films/trailer",
            items="The whole of https://github.com/uploader/films.",
            forks="https://github.com/other/films",
            licence="No, see https://films.example/terms",
            infringer="https://github.com/uploader",
            signature="[private]",
        )
    )

    assert reading.items == ["https://github.com/uploader/films", "https://github.com/other/films"]
    assert reading.originals == ["https://films.example/film", "https://github.com/films/trailer"]


def test_a_question_without_an_answer_states_nothing():
    reading = read(form(items="https://github.com/uploader/films"))

    assert {"good_faith", "signature"} <= set(reading.missing)


def test_a_statement_that_a_form_asked_for_counts_once_it_is_given():
    reading = read(form(items="https://github.com/uploader/films", prompt=GOOD_FAITH, signature="[private]"))

    assert {"good_faith", "signature"}.isdisjoint(reading.missing)


def test_a_statement_agreed_to_in_a_word_is_found_and_unsure():
    reading = read(form(items="https://github.com/uploader/films", prompt="I agree"))

    assert "good_faith" in reading.found
    assert "good_faith" in reading.unsure


def test_a_statement_the_other_side_failed_to_make_is_not_the_senders():
    reading = read(
        "The complainant failed to include a written statement that the information is accurate.\n" + COUNTER
    )

    assert "accuracy" not in reading.found


def test_the_work_section_holds_the_items_where_the_form_names_none_elsewhere():
    reading = read(form(work="Our code was uploaded to https://github.com/uploader/films", items="All of the above."))

    assert reading.items == ["https://github.com/uploader/films"]


def test_what_the_host_wrote_above_the_letter_is_not_the_letters():
    note = "Note: Because the parent repository was actively forked, see https://github.com/host/notes\n\n---\n\n"

    assert read(note + NOTICE).items == read(NOTICE).items


def test_a_page_of_an_account_steps_back_behind_what_is_in_it():
    reading = read(form(items="By https://github.com/uploader: https://github.com/uploader/films"))

    assert reading.items == ["https://github.com/uploader/films"]


def test_an_original_named_beside_the_items_is_no_item():
    reading = read(form(items="Original: https://github.com/films/own\nCopy: https://github.com/uploader/films"))

    assert reading.items == ["https://github.com/uploader/films"]
    assert reading.originals == ["https://github.com/films/own"]


def test_a_home_page_under_a_signature_is_neither():
    reading = read(NOTICE + "The Rights Holder\nhttps://www.rights.example\n")

    assert "https://www.rights.example" not in reading.items + reading.originals


@pytest.mark.parametrize(
    ("letter", "language", "regime"),
    [
        ("根据《中华人民共和国民法典》，请删除侵权内容：\nhttps://cloud.example/v/1\n", "zh", "cn"),
        ("プロバイダ責任制限法に基づき、著作権を侵害する次の動画の削除を求めます。\nhttps://cloud.example/v/1\n", "ja", "jp"),
        ("Nach dem Digital Services Act melde ich eine Verletzung unseres Urheberrechts und die Löschung von\n"
         "https://cloud.example/v/1\nwird verlangt, weil der Film ohne Erlaubnis dort ist.", "de", "eu"),
        ("Solicito que se elimine este contenido que infringe mis derechos de autor:\nhttps://cloud.example/v/1\n", "es", "us"),
    ],
)  # fmt: skip
def test_letters_in_other_languages_are_notices_under_the_law_they_invoke(letter: str, language: str, regime: str):
    reading = read(letter)

    assert (reading.kind, reading.language, reading.regime) == (Kind.NOTICE, language, regime)
    assert reading.items == ["https://cloud.example/v/1"]


def test_a_chinese_letter_that_gives_what_the_law_asks_lacks_nothing():
    reading = read(
        "一、权利人信息\n名称：某影视公司\n联系地址：[地址]\n联系电话：[电话]\n\n二、权利作品\n作品名称：《示例影片》\n"
        "官方网站：https://films.example/film\n\n三、侵权链接\nhttps://cloud.example/v/1\n\n"
        "根据《中华人民共和国民法典》请立即删除。著作权登记号：[编号]。我方保证内容真实、准确。\n\n签名：[签名]\n"
    )

    assert (reading.regime, reading.missing) == ("cn", [])
    assert reading.items == ["https://cloud.example/v/1"]


def test_redacted_words_count_as_given():
    reading = read(NOTICE)

    assert reading.found["contact_phone"][0].value == "[private]"
    assert reading.found["signature"][0].value == "[private]"


def test_a_reading_prints_what_the_command_promises():
    printed = read(NOTICE, name="letter.txt").as_json()

    assert set(printed) == {
        "file",
        "kind",
        "language",
        "regime",
        "found",
        "missing",
        "items",
        "originals",
        "unsure",
        "sources",
    }
    assert printed["file"] == "letter.txt"
    assert set(printed["found"]["good_faith"][0]) == {"value", "start", "end"}


def test_the_complainants_own_repository_stays_its_own_where_the_forks_are_told_of():
    reading = read(
        form(
            work="https://github.com/films/own",
            items="https://github.com/uploader/films",
            forks="Only those of https://github.com/films/own and https://github.com/other/films",
        )
    )

    assert reading.items == ["https://github.com/uploader/films", "https://github.com/other/films"]
    assert reading.originals == ["https://github.com/films/own"]


def test_a_picture_that_proves_something_is_not_complained_about():
    reading = read(form(items="https://github.com/uploader/films\n\nScreenshot:\nhttps://imgur.com/a1"))

    assert reading.items == ["https://github.com/uploader/films"]


def test_a_dispute_that_was_settled_retracts_the_notice():
    letter = "The matter has been resolved with the uploader. Please reinstate https://github.com/uploader/films."

    assert read(letter).kind is Kind.RETRACTION


@pytest.mark.parametrize("lead", ["The URL of our forked repository:", "Our code was uploaded here:"])
def test_a_copy_of_what_is_ours_is_no_original(lead: str):
    assert read(form(items=f"{lead}\nhttps://github.com/uploader/films")).items == ["https://github.com/uploader/films"]


def test_a_mark_that_ends_with_an_address_holds_all_of_it():
    reading = read("Please remove this infringing copy: https://cloud.example/videos/1")

    assert reading.found["infringement_statement"][0].value.endswith("https://cloud.example/videos/1")


def test_a_table_tells_by_its_headings_which_column_is_complained_about():
    rows = "".join(f"| https://github.com/films/{n} | https://github.com/uploader/{n} |\n" for n in "ab")

    reading = read(f"These copies infringe our copyright, remove them:\n\n| Original | Copy |\n|---|---|\n{rows}")

    assert reading.items == ["https://github.com/uploader/a", "https://github.com/uploader/b"]
    assert reading.originals == ["https://github.com/films/a", "https://github.com/films/b"]


def test_a_name_over_contact_details_signs_a_letter_that_closes_without_a_formula():
    letter = (
        f"The infringing copy is at https://copies.example/a\n\n{GOOD_FAITH}\n\nFilms Example Limited\n"
        "1 Example Street\nTel: +1 555 0100\nrights@films.example\n\n"
        "Confidentiality notice: this e-mail is intended for the addressee only.\n"
    )

    reading = read(letter)

    assert reading.found["signature"][0].value == "Films Example Limited"


def test_contact_details_alone_sign_nothing():
    reading = read(f"The infringing copy is at https://copies.example/a\n\n{GOOD_FAITH}\n\nrights@films.example\n")

    assert "signature" in reading.missing


def test_good_faith_may_be_stated_to_the_best_of_ones_knowledge():
    reading = read(
        "The infringing copy is at https://copies.example/a\n\nTo the best of our knowledge this use is not authorised "
        "by the rights owner, its agent or the law.\n"
    )

    assert "good_faith" in reading.found


def test_a_legal_representative_acts_for_the_owner_in_other_languages_too():
    reading = read(
        "Il contenuto illecito si trova qui: https://copies.example/a\n\nChi scrive è il legale rappresentante della "
        "società titolare dell'opera.\n"
    )

    assert "authority" in reading.found


def test_a_heading_signs_nothing():
    reading = read(f"Please remove https://copies.example/a\n\nCopyright Owners Statement\n\n{GOOD_FAITH}\n{SWORN}\n")

    assert "signature" in reading.missing
