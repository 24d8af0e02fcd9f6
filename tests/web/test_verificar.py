"""verificar.html is served as it is written, and its own policy lets it run one script and ask for nothing."""

import base64
import hashlib
import re

from django.test import Client

from sif.web.public.servicio import VERIFIER

TEXT = VERIFIER.read_text(encoding="utf-8")


def _hash_of(tag: str) -> str:
    bodies = re.findall(rf"<{tag}[^>]*>(.*?)</{tag}>", TEXT, re.DOTALL)
    assert len(bodies) == 1, f"verificar.html lleva un solo <{tag}>"
    return "sha256-" + base64.b64encode(hashlib.sha256(bodies[0].encode()).digest()).decode()


def test_its_policy_names_its_only_script_and_style_and_allows_nothing_else() -> None:
    found = re.search(r'http-equiv="Content-Security-Policy"\s+content="([^"]*)"', TEXT)
    assert found is not None and found.start() < TEXT.index("<style>")
    assert [part.split() for part in found[1].split(";")] == [
        ["default-src", "'none'"],
        ["base-uri", "'none'"],
        ["form-action", "'none'"],
        ["script-src", f"'{_hash_of('script')}'"],
        ["style-src", f"'{_hash_of('style')}'"],
    ]


def test_it_names_nothing_outside_itself() -> None:
    assert (
        re.findall(r"""\b(?<!-)(?:src|href|action|style|on[a-z]+)\s*=\s*["']|https?:|url\(|@import|fetch\(""", TEXT)
        == []
    )


def test_it_is_given_to_keep_byte_for_byte_and_its_digest_is_said(db: None, client: Client) -> None:
    answer = client.get("/verificar/verificar.html")
    assert answer.content == VERIFIER.read_bytes()
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="verificar.html"'
    page = client.get("/verificar/").content.decode()
    assert "descárguelo otra vez de la página de su acuse" in " ".join(page.split())
    assert "/verificar/verificar.html" in page
    assert hashlib.sha256(answer.content).hexdigest() in re.sub(r"<[^>]*>|\s", "", page)
