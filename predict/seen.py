"""Names met so far, of any number: kept on disk once they outgrow a few megabytes of memory."""

from __future__ import annotations

import hashlib
import sqlite3
from typing import Final

_CACHE_KILOBYTES: Final = 8_000


class Seen:
    """Remembers names by a 64-bit hash, with the number at which each came first."""

    def __init__(self) -> None:
        # A database without a name lives in memory, spills into a file that no one else sees, ends with this object.
        self._names = sqlite3.connect("", isolation_level=None)
        for statement in (
            "PRAGMA journal_mode=OFF",
            "PRAGMA synchronous=OFF",
            f"PRAGMA cache_size=-{_CACHE_KILOBYTES}",
            "CREATE TABLE names (hash INTEGER PRIMARY KEY, number INTEGER)",
            "BEGIN",
        ):
            self._names.execute(statement)

    def first(self, name: str, number: int) -> int:
        """The number that `name` first came with: `number` itself where it is new.

        >>> seen = Seen()
        >>> seen.first("a", 1), seen.first("b", 2), seen.first("a", 3)
        (1, 2, 1)
        """
        digest = hashlib.blake2b(name.encode(errors="surrogatepass"), digest_size=8).digest()
        key = int.from_bytes(digest, "big", signed=True)
        added = self._names.execute("INSERT OR IGNORE INTO names VALUES (?, ?)", (key, number))
        if added.rowcount:
            return number
        ((first,),) = self._names.execute("SELECT number FROM names WHERE hash = ?", (key,))
        return int(first)
