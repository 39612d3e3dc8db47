"""Letters as they arrive, read into what a complaint needs; this package stores nothing, asks nobody and knows no Django.

``read`` turns a letter (text, Markdown, HTML, or mail as bytes) into a ``Reading``. It works from structure: the
questions of forms, headings and labels, the words around an address. How it goes, module by module:

sources    bytes, mail and HTML become the one text in which every mark counts (charsets, mails, pages)
enclosed   the files that come with it
machines   its parts for machines: acns (xml_leaves), xarf (json_leaves); each fills the report
naming     each address with the words before it
sections   the text's parts: questions with their answers, headings, the host's own words (wordings: questions)
kinds      notice, counter-notice, retraction or something else
addresses  every address as it stands; sides puts each on its side by what is said around it (saying) and by the whole
           of a notice (weighing) or of a letter that wants something back (returning; wordings: cues; known places: places)
statements, parties, descriptions, connections   the elements a law may ask for (wordings: wordings)
phrases    how the longer lists of wordings are looked for quickly
regimes    the law invoked, and what of its elements is missing (data: required.json)

An address without a scheme is given with ``https://`` before it; in ``found`` it stands as written. Two spellings of
one address (scheme, ``www.``, a last slash) are one, the first. What was a guess is listed in ``unsure``.
"""

from complaints.letters.enclosed import Enclosed, enclosed_in
from complaints.letters.kinds import Kind
from complaints.letters.mails import is_mail
from complaints.letters.marks import Mark
from complaints.letters.reading import Reading, read, unread
from complaints.letters.sources import is_letter, is_too_large
from complaints.letters.xml_leaves import declares_entities

__all__ = [
    "Enclosed",
    "Kind",
    "Mark",
    "Reading",
    "declares_entities",
    "enclosed_in",
    "is_letter",
    "is_mail",
    "is_too_large",
    "read",
    "unread",
]
