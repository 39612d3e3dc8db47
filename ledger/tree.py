"""The tree as the tables keep it: leaves, and roots of complete subtrees at every eighth level; it writes nothing."""

from ledger import merkle
from ledger.models import Checkpoint, Leaf, Node
from ledger.rules import HASHES_PER_TILE, LEVELS_PER_TILE


class StoredTree:
    """Hashes of complete subtrees, read a tile of 256 at a time and kept while this object lives."""

    def __init__(self) -> None:
        """Start with nothing read."""
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def node_at(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree that the tables hold (a `merkle.NodeAt`)."""
        stored_level = level - level % LEVELS_PER_TILE
        width = 1 << (level - stored_level)
        tile, start = divmod(index * width, HASHES_PER_TILE)
        hashes = self._tile(stored_level, tile)[start : start + width]
        if len(hashes) != width:
            raise LookupError(f"the tree lacks a hash below level {level}, index {index}")
        while len(hashes) > 1:
            hashes = [merkle.node_hash(*pair) for pair in zip(hashes[::2], hashes[1::2], strict=True)]
        return hashes[0]

    def _tile(self, level: int, tile: int) -> list[bytes]:
        if (level, tile) not in self._tiles:
            first = tile * HASHES_PER_TILE
            span = (first, first + HASHES_PER_TILE - 1)
            if level:
                nodes = Node.objects.filter(level=level, index__range=span).order_by("index")
                self._tiles[level, tile] = [bytes(value) for value in nodes.values_list("hash", flat=True)]
            else:
                leaves = Leaf.objects.filter(index__range=span).order_by("index")
                self._tiles[level, tile] = [bytes(value) for value in leaves.values_list("leaf_hash", flat=True)]
        return self._tiles[level, tile]


def newest_checkpoint() -> Checkpoint | None:
    """Return the checkpoint of the largest tree, or None before the first sealing."""
    return Checkpoint.objects.order_by("-tree_size").first()
