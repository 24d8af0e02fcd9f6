"""Leave templates, an added account, a draft and a correction in the capture desk."""

from dataclasses import replace
from datetime import date
from typing import Any

from sif.books.models import Cuenta, Poliza
from sif.books.selectors import lines_of, reference_of
from sif.books.services import Correction, NewAccount, Support, add_account, rerecord, save_borrador, save_plantilla
from sif.books.services.soporte import NewEvidencia
from sif.demo.builder import Built
from sif.demo.world import PASSWORD, World
from sif.ledger import NewPoliza
from sif.registry import services
from sif.registry.models import Contabilidad, Nombramiento, Usuario
from sif.registry.scope import WHOEVER_SIGNS, everything
from sif.registry.selectors import windows_open
from sif.statements.poliza_paper import poliza_pdf
from sif.values import Money

PARTY, ADMIN = "PJ", "ines"
CODE, NAME, AGREEMENT = "5-5-02-09-0000", "Paraguas", "CG/41/2026"
FREQUENT = (
    ("Pago de volantes a crédito", "Volantes y folletos", "5-5-01-03-0000", "2-1-01-01-0000"),
    ("Pago a proveedor por transferencia", "Pago de factura", "2-1-01-01-0000", "1-1-02-00-0000"),
    ("Aportación en efectivo", "Aportación de simpatizante", "1-1-02-00-0000", "4-2-02-01-0000"),
)


def show_capture(world: World, built: Built) -> str:
    """Leave them in the books of the campaign in course; returns the reference of the póliza that was corrected."""
    with everything(WHOEVER_SIGNS):
        books = built.en_curso.contabilidades.filter(sujeto__siglas=PARTY, candidatura__isnull=False).order_by("pk")[0]
        head, clerk = world.heads[PARTY], world.people["bruno"]
        _account(world, built)
        for name, words, debit, credit in FREQUENT:
            save_plantilla(books.sujeto, name, _content(words, debit, credit), head)
        draft = {**_content("Volantes para el cierre", FREQUENT[0][2], FREQUENT[0][3]), **_header(books)}
        draft["lineas"][0] |= {"cargo": "18,560.00", "concepto": "Diez mil volantes"}
        save_borrador(books, draft, clerk)
        return _correct(books, head)


def _account(world: World, built: Built) -> Cuenta:
    rfc = world.accounts.person()[1]
    admin = services.create_usuario(ADMIN, "Inés Barrera Luna", PASSWORD, rfc=rfc, password_hash=world.password_hash)
    services.appoint(admin, Nombramiento.Rol.ADMINISTRADOR, desde=date(2025, 1, 1))
    return add_account(NewAccount(built.en_curso.proceso, CODE, NAME, AGREEMENT), admin)


def _content(words: str, debit: str, credit: str) -> dict[str, Any]:
    line = {"auxiliar": "", "concepto": "", "cargo": "", "abono": ""}
    return {
        "subtipo": "DR",
        "clase": "ordinaria",
        "concepto": words,
        "pago": {},
        "aportacion": {},
        "evidencias": [],
        "lineas": [{**line, "cuenta": debit}, {**line, "cuenta": credit}],
    }


def _header(books: Contabilidad) -> dict[str, str]:
    window = windows_open(books)[-1]
    return {"ventana": f"{window.periodo_id}:{window.tipo}", "fecha": ""}


def _correct(books: Contabilidad, by: Usuario) -> str:
    """One whose concept said too little is reversed and recorded again with the same lines, invoices and files."""
    windows = {window.periodo_id: window for window in windows_open(books)}
    wrong = (
        Poliza.objects.filter(
            contabilidad=books,
            periodo__in=windows,
            subtipo="DR",
            clase="ordinaria",
            comprobantes__isnull=False,
            revierte_a__isnull=True,
            reversion__isnull=True,
            pagos__isnull=True,
        )
        .select_related("periodo", "contabilidad__sujeto", "registrada_por")
        .order_by("-eslabon")
        .first()
    )
    if wrong is None:
        return ""
    right = NewPoliza(
        books.pk,
        wrong.periodo_id,
        windows[wrong.periodo_id].tipo,
        wrong.subtipo,
        wrong.fecha_operacion,
        f"{wrong.concepto}, con entrega en la casa de campaña",
        lines_of(wrong),
        clase=wrong.clase,
    )
    correction = Correction(wrong, "El concepto no decía dónde se entregaron.", poliza_pdf(wrong))
    done = rerecord(correction, replace(right, concepto=right.concepto[:400]), by, support=_support(wrong))
    return reference_of(done.nueva)


def _support(wrong: Poliza) -> Support:
    uses = tuple((use.comprobante_id, Money(use.monto)) for use in wrong.comprobantes.order_by("pk"))
    files = wrong.evidencias.filter(sin_efecto__isnull=True).order_by("pk")
    return Support(uses, evidencias=tuple(NewEvidencia(e.clase_id, e.nombre, e.archivo_id) for e in files))
