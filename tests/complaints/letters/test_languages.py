"""Ordinary letters in the languages they come in: what they are, under which law, and what they name."""

import pytest

from complaints.letters import read

OWN, COPY = "https://films.example/film", "https://cloud.example/v/1"
LETTERS = {
    "zh": f"侵权通知书\n\n一、权利作品\n作品链接：{OWN}\n\n二、侵权链接\n1. {COPY}\n\n上述链接未经我司许可，侵犯了我司的著作权。"
    "根据《中华人民共和国民法典》请立即删除。我司保证内容真实、准确。\n\n权利人（盖章）：示例公司\n",
    "ja": f"下記の情報により権利が侵害されたので、情報流通プラットフォーム対処法に基づき削除を依頼します。\n"
    f"掲載されている場所：{COPY}\n元の作品：{OWN}\n\n氏名：[氏名]\n",
    "de": f"Ich bin Urheber des Films, veröffentlicht unter {OWN}.\n\nEr wird ohne meine Zustimmung hier verbreitet:\n{COPY}\n\n"
    "Das verletzt mein Urheberrecht. Bitte entfernen Sie den Inhalt nach dem Digital Services Act.\n",
    "fr": f"Je suis titulaire des droits d'auteur sur le film disponible à l'adresse {OWN}.\n\nUne contrefaçon est ici :\n"
    f"{COPY}\n\nJe vous demande de supprimer ce contenu, selon le règlement sur les services numériques.\n",
    "es": f"Somos titulares de los derechos de autor de la obra publicada en {OWN}.\n\nEl contenido infractor se encuentra en:\n"
    f"{COPY}\n\nSolicitamos que se elimine.\n",
    "pt": f"Somos titulares dos direitos autorais do filme publicado em {OWN}.\n\nOs seguintes links violam nossos direitos, sem "
    f"autorização:\n{COPY}\n\nPedimos a remoção.\n",
    "it": f"Siamo titolari dei diritti d'autore sull'opera pubblicata su {OWN}.\n\nIl contenuto illecito si trova a questo "
    f"indirizzo:\n{COPY}\n\nChiediamo di rimuoverlo.\n",
    "ru": f"Я являюсь правообладателем фильма, официальный сайт {OWN}.\n\nНарушающие копии размещены здесь:\n{COPY}\n\n"
    "Прошу удалить.\n",
}
REGIMES = {"zh": "cn", "ja": "jp", "de": "eu", "fr": "eu"}


@pytest.mark.parametrize("language", LETTERS)
def test_a_notice_is_read_in_its_language(language: str):
    reading = read(LETTERS[language])

    assert (reading.kind, reading.language, reading.regime) == ("notice", language, REGIMES.get(language, "us"))
    assert (reading.items, reading.originals) == ([COPY], [OWN])


def test_chinese_words_straight_after_a_long_address_are_read():
    reading = read(
        f"侵权链接如下：{COPY}，我的作品在{OWN}。根据《著作权法》，请删除。以上信息真实有效。\n电话：[电话]\n张某\n"
    )

    assert (reading.regime, reading.items) == ("cn", [COPY])
    assert "accuracy" in reading.found
    assert reading.found["signature"][0].value == "张某"


def test_a_seal_signs_a_chinese_letter():
    assert read(LETTERS["zh"]).found["signature"][0].value == "示例公司"


def test_a_chinese_declaration_of_no_infringement_names_what_was_removed():
    reading = read(f"不侵权声明\n\n我的文件 {COPY} 被删除，系错误删除。根据《民法典》，请求恢复。\n\n姓名：[姓名]\n")

    assert (reading.kind, reading.regime, reading.items) == ("counter_notice", "cn", [COPY])


def test_traditional_characters_complain_too():
    reading = read(f"下列網址未經授權，侵害本公司著作權：\n{COPY}\n依著作權法請立即刪除。以上資訊皆為真實。\n")

    assert (reading.kind, reading.language) == ("notice", "zh")
    assert "accuracy" in reading.found


def test_addresses_speak_no_language():
    assert (
        read("Remove com.example/o and github.com/o/a, cloud.com/do/para: infringing our copyright.").language == "en"
    )
