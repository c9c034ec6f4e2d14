"""Libraries that only some formats need: imported when they are, and named with their remedy where they are missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from labels.errors import UserError


def extra(module: str, group: str = "documents") -> Any:
    """The module, imported; raises UserError that names the group of dependencies it comes with.

    >>> extra("json").__name__
    'json'
    >>> extra("no_such_library")
    Traceback (most recent call last):
    labels.errors.UserError: this needs no_such_library; install it: pip install "zhengfa-themes[documents]"
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise UserError(
            f'this needs {module.partition(".")[0]}; install it: pip install "zhengfa-themes[{group}]"'
        ) from error
