"""«Comprobar un PDF sellado»: what its page says of a seal, and whom it tells to come back."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client

from sif.disclosure.sealed import Busy, SealedDocument
from sif.filing.sealing import TAKEN, KnownPdf
from sif.registry import limits
from sif.web.public import sellados

pytestmark = pytest.mark.django_db

PAGE = "/verificar/documento/"


@pytest.fixture
def visitor() -> Client:
    """Somebody who did not enter."""
    return Client(headers={"accept-language": "es-MX"})


def _sent(visitor: Client) -> Any:
    return visitor.post(PAGE, {"archivo": BytesIO(b"%PDF-")})


def test_a_document_whose_time_stamp_is_not_believed_is_not_told_as_whole(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = KnownPdf("0" * 64, 1, "Autoridad", sin_hora=TAKEN)
    monkeypatch.setattr(sellados, "document_of_pdf", lambda _data: SealedDocument(known, None))
    page = _sent(visitor).text
    assert "su sello de tiempo no se cree" in page and TAKEN in page
    assert "Lo selló esta autoridad y no ha cambiado" not in page


def test_one_is_judged_at_a_time_and_the_next_is_told_to_come_back(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sellados.TURN:
        busy = _sent(visitor)
    assert busy.status_code == 429 and int(busy["Retry-After"]) and "Hay muchos archivos por comprobar" in busy.text

    def full(_data: bytes) -> SealedDocument:
        raise Busy

    with monkeypatch.context() as stopped:
        stopped.setattr(sellados, "document_of_pdf", full)
        assert _sent(visitor).status_code == 429
    assert _sent(visitor).status_code == 422  # the turn was given back


def test_one_network_has_so_many_judged_in_a_minute(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SEALED_PDF", limits.Rate("pdf_sellado", 2, 60))
    assert [_sent(visitor).status_code for _ in range(3)] == [422, 422, 429]
    assert 0 < int(_sent(visitor)["Retry-After"]) <= 60
    assert visitor.get(PAGE).status_code == 200
