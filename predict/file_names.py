"""Names of reports as paths of files that lie inside a folder, on every system."""

from __future__ import annotations

import re
from typing import Final

_FORBIDDEN: Final = re.compile('[\0-\x1f\x7f<>:"|?*\\\\\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]')
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_LONGEST: Final = 180  # bytes of one name


class FileNames:
    """Gives every report a path of its own."""

    def __init__(self, suffix: str) -> None:
        self._suffix = suffix
        self._given: set[str] = set()

    def path(self, report: str) -> str:
        """A relative path for a report; nothing in the name leads out of the folder, no two get the same.

        >>> names = FileNames(".docx")
        >>> [names.path(name) for name in ("2018/苏州.txt", "2018/苏州.html", "../../etc/x", "con", "a:b?", "")]
        ['2018/苏州.docx', '2018/苏州 2.docx', 'etc/x.docx', '_con.docx', 'a_b_.docx', '_.docx']
        """
        parts = [_safe(part) for part in report.replace("\\", "/").split("/") if part.strip(". \u3000")]
        *folders, name = parts or ["_"]
        stem = name.rpartition(".")[0] or name
        path, number = self._join(folders, stem), 1
        # Many file systems take A and a for the same.
        while path.lower() in self._given:
            number += 1
            path = self._join(folders, f"{stem} {number}")
        self._given.add(path.lower())
        return path

    def _join(self, folders: list[str], stem: str) -> str:
        return "/".join([*folders, stem + self._suffix])


def _safe(part: str) -> str:
    part = _FORBIDDEN.sub("_", part).strip(" .") or "_"
    part = part.encode()[:_LONGEST].decode(errors="ignore")
    return f"_{part}" if _RESERVED.fullmatch(part) else part
