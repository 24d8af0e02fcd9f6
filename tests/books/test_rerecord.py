"""Reverse and re-record: both pólizas or none, linked, once, with the image of the cancelled one."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from sif.books.models import Borrador, Evidencia, Poliza
from sif.books.selectors import balanza, reference_of, substitute_of, substituted_by, verify_chain
from sif.books.services import Correction, PolizaRefused, post_borrador, post_poliza, rerecord, reverse_poliza
from sif.books.services.borradores import save_borrador
from sif.ledger import NewLine
from sif.registry import clock
from sif.registry.scope import everything
from sif.values import Money
from small_world import MOMENT, World

PDF = b"%PDF-1.7 la cancelada"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.DATOS = tmp_path


def correction(original: Poliza, motivo: str = "El importe era otro.") -> Correction:
    return Correction(original, motivo, PDF)


def test_both_are_posted_and_linked_and_the_pdf_goes_with_the_right_one(world: World) -> None:
    wrong = post_poliza(world.expense("100.00"), world.clerk)
    done = rerecord(correction(wrong), world.expense("90.00"), world.clerk)
    assert done.reversion.revierte_a_id == wrong.pk
    assert done.nueva.concepto.startswith(f"Sustituye a {reference_of(wrong)}. ")
    assert substitute_of(wrong) == done.nueva
    assert substituted_by(done.nueva) == wrong
    assert substituted_by(wrong) is None
    evidence = Evidencia.objects.get(poliza=done.nueva)
    assert (evidence.clase_id, evidence.nombre) == ("otra", "cancelada PN1-DR-1-ABR-2024.pdf")
    assert {row.saldo for row in balanza(world.books.pk)} == {Money(9_000)}
    assert verify_chain(world.books.pk) is None


def test_a_wrong_right_one_leaves_the_first_as_it_was(world: World) -> None:
    wrong = post_poliza(world.expense("100.00"), world.clerk)
    lines = (NewLine("5-5-01-03-0000", cargo=Money(1)), NewLine("2-1-01-01-0000", abono=Money(2)))
    with pytest.raises(PolizaRefused) as refused:
        rerecord(correction(wrong), world.expense("1.00", lineas=lines), world.clerk)
    assert "no_cuadra" in [problem.codigo for problem in refused.value.problems]
    assert Poliza.objects.count() == 1


def test_one_already_reversed_is_rerecorded_once(world: World) -> None:
    wrong = post_poliza(world.expense("100.00"), world.clerk)
    alone = reverse_poliza(wrong, world.clerk, concepto="x")
    assert substitute_of(wrong) is None
    assert rerecord(correction(wrong), world.expense("90.00"), world.clerk).reversion == alone
    with pytest.raises(PolizaRefused, match="ya se sustituyó con PN1/DR-3"):
        rerecord(correction(wrong), world.expense("80.00"), world.clerk)
    assert Poliza.objects.count() == 3


@pytest.mark.parametrize(("of", "motivo", "code"), [("reversal", "x", "revierte"), ("first", " ", "motivo")])
def test_what_cannot_be_corrected_says_why(world: World, of: str, motivo: str, code: str) -> None:
    wrong = post_poliza(world.expense("100.00"), world.clerk)
    which = reverse_poliza(wrong, world.clerk, concepto="x") if of == "reversal" else wrong
    with pytest.raises(PolizaRefused) as refused:
        rerecord(correction(which, motivo), world.expense("90.00"), world.clerk)
    assert refused.value.problems[0].codigo == code


def test_a_stranger_corrects_nothing(world: World) -> None:
    wrong = post_poliza(world.expense("100.00"), world.clerk)
    with pytest.raises(PolizaRefused, match="no registra en la contabilidad"):
        rerecord(correction(wrong), world.expense("90.00"), world.stranger)
    assert Poliza.objects.count() == 1


def test_two_people_posting_the_same_draft_post_it_once(committed: World) -> None:
    row = save_borrador(committed.books, {"lineas": []}, committed.clerk)
    poliza = committed.expense("1.00")

    def post(_: int) -> str:
        try:
            with everything(), clock.at(MOMENT):
                return reference_of(post_borrador(Borrador(pk=row.pk), poliza, committed.clerk))
        except PolizaRefused as refused:
            return refused.problems[0].codigo
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(post, range(2)))[1] == "borrador"
    assert Poliza.objects.count() == 1
