"""MHTML: a page and its pictures saved as one file, by browsers and by old Word."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import Message

from labels.errors import UserError
from model.blocks import Extract
from model.html_source import extract as extract_html


def extract(raw: bytes, name: str) -> Extract:
    """The lines of the first page in the file; raises UserError if there is none."""
    for part in _pages(message_from_bytes(raw, policy=policy.compat32)):
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content.strip():
            return extract_html(content, name)
    raise UserError(f"{name}: this saved page (MHTML) holds no HTML; save the page anew, as HTML")


def _pages(message: Message) -> list[Message]:
    return [part for part in message.walk() if part.get_content_type() == "text/html"]
