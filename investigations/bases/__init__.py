"""The legal bases on which an uploader's identity can be asked for: data with versions, read by one engine."""

from investigations.bases import cn, eu, jp, us
from investigations.bases.shape import Basis, Capacity, Category, Document, Ground

__all__ = ["ALL_BASES", "Basis", "Capacity", "Category", "Document", "Ground", "current", "known", "stamped"]

# An older version stays in the list for ever: matters that were filed under it are judged by it.
ALL_BASES: tuple[Basis, ...] = (*cn.BASES, *us.BASES, *eu.BASES, *jp.BASES)


def current() -> list[Basis]:
    """Return the newest version of every basis, in the order of the data."""
    newest: dict[str, Basis] = {}
    for basis in ALL_BASES:
        if basis.code not in newest or newest[basis.code].version < basis.version:
            newest[basis.code] = basis
    return list(newest.values())


def known(code: str) -> Basis | None:
    """Return the newest version of the basis of this code, or None."""
    return next((basis for basis in current() if basis.code == code), None)


def stamped(code: str, version: str) -> Basis:
    """Return the basis in the version with which a matter is stamped; LookupError if the data lost it."""
    for basis in ALL_BASES:
        if (basis.code, basis.version) == (code, version):
            return basis
    raise LookupError(f"no legal basis {code} of {version}")
