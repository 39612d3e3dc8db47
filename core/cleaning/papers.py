"""PDF. It is written anew from what its pages need, so that what nothing refers to is gone.

One with files in it, with a signature or with a password is left to its sender's decision: there is no honest way.
"""

import io
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from core.cleaning.faults import NotCleanableError
from core.cleaning.pictures import jpeg

TOLD = ("/Metadata", "/PieceInfo", "/LastModified", "/SpiderInfo", "/Threads")
TOLD_OF_NOTES = ("/T", "/M", "/CreationDate", "/NM")
MOST_DEEP = 60


def pdf(data: bytes) -> bytes:
    """Return the PDF without author, title, dates, programs, XMP, private data, writers of notes and data of its pictures."""
    try:
        with pikepdf.open(io.BytesIO(data), inherit_page_attributes=False) as paper:
            for name in ("/Info", "/ID"):
                if name in paper.trailer:
                    del paper.trailer[name]
            for part in paper.objects:
                _clean(part, 0)
            made = io.BytesIO()
            paper.save(made, encryption=False, deterministic_id=True, fix_metadata_version=False)
    except (pikepdf.PdfError, pikepdf.PasswordError) as error:
        raise NotCleanableError("no PDF that can be read") from error
    return made.getvalue()


def _clean(part: Any, depth: int) -> None:
    if depth > MOST_DEEP:
        raise NotCleanableError("nested too deep")
    if isinstance(part, (Dictionary, Stream)):
        _require_bare(part)
        is_note = "/Rect" in part and part.get("/Subtype") not in (None, Name.Widget)
        for name in (*TOLD, *(TOLD_OF_NOTES if is_note else ())):
            if name in part:
                del part[name]
    if isinstance(part, Stream) and part.get("/Filter") in (Name.DCTDecode, Array([Name.DCTDecode])):
        part.write(jpeg(part.read_raw_bytes()), filter=Name.DCTDecode, decode_parms=_parameters(part))
    held = part.values() if isinstance(part, (Dictionary, Stream)) else part if isinstance(part, Array) else ()
    for one in held:
        if isinstance(one, (Dictionary, Array)) and not one.is_indirect:
            _clean(one, depth + 1)


def _parameters(part: Any) -> Any:
    given = part.get("/DecodeParms")
    return given[0] if isinstance(given, Array) and len(given) else given


def _require_bare(part: Any) -> None:
    if "/EF" in part or "/EmbeddedFiles" in part or "/ByteRange" in part or "/XFA" in part:
        raise NotCleanableError("it holds files, a signature or a form with data of its own")
