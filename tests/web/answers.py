"""What every answer must carry, whichever page it is of and whoever asked."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

from sif.web.searched import is_personal

SEEN = frozenset({"registry_mirada", "audit_miradaauditoria", "notices_lecturanotificacion"})
"""What a reading writes: that somebody looked at whole keys, at papers of others, or read a notice."""
DRAWN = frozenset(
    {"text/html", "text/plain", "application/json", "application/problem+json", "application/pdf", "image/png"}
)
"""What a browser may show of ours by its address: pages, what no browser runs, and papers that we draw ourselves."""
_TEXT = re.compile(r"text/|application/(javascript|xml)")


def wrong_in(answer: Any, *, private: bool) -> list[str]:
    """Say what an answer lacks so that no browser takes it for another thing; private: to somebody who entered."""
    kind, found = answer.get("Content-Type", ""), []
    if answer.get("X-Content-Type-Options") != "nosniff":
        found.append("lets its type be guessed")
    if not kind and answer.status_code not in (204, 304):
        found.append("does not say its type")
    if _TEXT.match(kind) and "charset=" not in kind:
        found.append(f"does not say in which letters it is written: {kind}")
    if "default-src 'none'" not in answer.get("Content-Security-Policy", ""):
        found.append("has no policy of content")
    attached = answer.get("Content-Disposition", "").startswith("attachment")
    if kind and not attached and kind.partition(";")[0] not in DRAWN:
        found.append(f"is shown and not downloaded: {kind}")
    if private and "no-store" not in answer.get("Cache-Control", ""):
        found.append(f"may be kept by a browser: {answer.get('Cache-Control', '')!r}")
    return found


def with_keys(addresses: Sequence[str], asked: str) -> list[str]:
    """The addresses with a personal key in them, where who asked wrote none in the path asked for."""
    return [] if is_personal(unquote(asked.partition("?")[0])) else [to for to in addresses if is_personal(unquote(to))]


def shown(secrets: Sequence[str], content: bytes, asked: str) -> list[str]:
    """The whole personal keys of others that an answer shows, of those that who asked did not write."""
    return [key for key in secrets if key.encode() in content and key not in unquote(asked)]
