"""What a subject deposits for a duty proves it on its day, for itself and for the authority, and is never changed."""

from dataclasses import replace
from datetime import date
from errno import ENOSPC
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, ProgrammingError, transaction

from acts import committed, open_points, rival_waits
from duties.test_obligations import open_year
from filing.campaign import Campaign, on
from mailed import Office, office, text_of
from sif.books.services import file_of, read_file
from sif.books.services.file_store import FileMissing
from sif.duties import depositing
from sif.duties.depositing import NewDeposit, deposit, deposits_of, receivable
from sif.duties.selectors import compliance, obligations_of
from sif.filing import campaign_sheets, deposit_acuses, tasks
from sif.filing.campaign_sheets import deposit_huella, deposit_pdf, deposit_sheet
from sif.filing.deposit_acuses import draw_acuse, draw_waiting, without_acuse
from sif.filing.models import AcuseDeposito, Deposito
from sif.law.duties import load_duties
from sif.mail.addresses import keep_address
from sif.mail.sending import send_due
from sif.notices.sheet import code_of
from sif.registry import clock, scope
from sif.registry.models import Ambito, Contabilidad, Suceso
from sif.registry.scope import acting
from sif.registry.selectors import scope_of_user
from sif.registry.services import create_etapa, create_proceso, open_contabilidad
from sif.signing.chain import sha256_hex
from sif.values import Refused
from small_world import World, make_world

__all__ = ["office"]

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer <<>>\n%%EOF\n"
D = date.fromisoformat


def pdf(text: str = "") -> bytes:
    return PDF + f"% {text}\n".encode()


def key(world: World, kind: str, end: str) -> str:
    return f"{kind}-{world.party.numero}-{end}"


def state(world: World, clave: str, al: str) -> tuple[str, date | None, str]:
    rows = {row.clave: row for row in obligations_of([world.party.pk], D(al))}
    return rows[clave].estado, rows[clave].cumplida_el, rows[clave].evidencia


def refused(world: World, new: NewDeposit, by: Any = None) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as wrong:
        deposit(world.party, new, by or world.clerk)
    return [(each.codigo, each.donde) for each in wrong.value.problems]


def test_a_document_of_a_month_meets_its_duty_on_the_day_of_its_first_deposit(campaign: Campaign) -> None:
    world = campaign.world
    clave = key(world, "RMA", "2024-3")
    assert state(world, clave, "2024-04-20")[0] == "por_confirmar"
    with on("2024-04-20 18:30"):
        first = deposit(world.party, NewDeposit(clave, "marzo.pdf", pdf()), world.clerk)
    with on("2024-05-02 09:00"):
        later = deposit(world.party, NewDeposit(clave, "marzo-corregido.pdf", pdf("bis")), world.clerk)
        found = receivable(world.party.pk, clave, clock.today())
    assert found is not None and list(deposits_of(found)) == [first, later]
    assert state(world, clave, "2024-04-19")[0] == "por_confirmar"  # not done yet
    assert state(world, clave, "2024-05-20") == ("cumplida", D("2024-04-20"), first.folio)
    assert state(world, key(world, "RMA", "2024-4"), "2024-05-20")[0] == "por_confirmar"
    assert (first.desde, first.hasta, first.etapa_id) == (D("2024-03-01"), D("2024-03-31"), None)
    assert Suceso.objects.filter(verbo="depositar", objeto=first.pk, persona=world.clerk).count() == 1


def test_the_duty_of_a_year_stays_met_when_a_process_covers_it(campaign: Campaign) -> None:
    world = campaign.world
    with on("2026-04-20 18:30"):
        made = deposit(world.party, NewDeposit(key(world, "RMA", "2026-3"), "marzo.pdf", pdf()), world.clerk)
    with on("2026-04-21 09:00"):
        etapa = open_year("ordinario", 2026)
        open_contabilidad(etapa, world.party, Contabilidad.Clase.ORDINARIA)
    clave = key(world, "RMA", f"e{etapa.pk}-2026-3")
    assert state(world, clave, "2026-05-20") == ("cumplida", D("2026-04-20"), made.folio)
    assert compliance(D("2026-05-20"), [world.party.pk])[world.party.pk, "RMA", "cumplida"] == 1


@pytest.mark.parametrize(("done", "expected"), [("2024-03-20", "cumplida"), ("2024-04-02", "tarde")])
def test_a_document_proves_an_act_of_the_day_that_it_says(campaign: Campaign, done: str, expected: str) -> None:
    world = campaign.world
    clave = key(world, "PUB-T", "2024-1")
    with on("2024-04-20 18:30"):
        deposit(world.party, NewDeposit(clave, "revista.pdf", pdf(), D("2024-01-05")), world.clerk)
        last = deposit(world.party, NewDeposit(clave, "revista.pdf", pdf("bis"), D(done)), world.clerk)
    assert state(world, clave, "2024-04-20") == (expected, D(done), last.folio)  # the later one corrects the day


def test_the_removal_of_propaganda_is_of_its_campaign(campaign: Campaign) -> None:
    world = campaign.world
    proceso = create_proceso(
        clave="PEF-24", nombre="Otro", ambito=Ambito.FEDERAL, anio=2024, jornada_el=D("2024-06-02")
    )
    etapa = create_etapa(proceso, "campana", D("2024-03-01"), D("2024-05-29"))
    open_contabilidad(etapa, world.party, Contabilidad.Clase.CONCENTRADORA)
    clave = key(world, "PRO", f"e{etapa.pk}-1")
    assert state(world, clave, "2024-06-20")[0] == "por_confirmar"
    with on("2024-06-12 10:00"):
        made = deposit(world.party, NewDeposit(clave, "fotos.pdf", pdf(), D("2024-06-07")), world.clerk)
    assert made.etapa == etapa
    assert state(world, clave, "2024-06-20") == ("cumplida", D("2024-06-07"), made.folio)


def test_what_is_refused_is_refused_at_its_place_and_leaves_nothing(campaign: Campaign) -> None:
    world = campaign.world
    month = NewDeposit(key(world, "RMA", "2024-3"), "marzo.pdf", pdf())
    paper = NewDeposit(key(world, "PUB-T", "2024-1"), "revista.pdf", pdf(), D("2024-02-01"))
    with on("2024-04-20 18:30"):
        assert refused(world, month, world.stranger) == [("ajena", "")]
        assert refused(world, replace(month, clave=key(world, "RMA", "2024-13"))) == [("obligacion", "")]
        assert refused(world, replace(month, clave=key(world, "IA", "2023-1"))) == [("obligacion", "")]
        assert refused(world, replace(month, clave=key(world, "RMA", "2024-4"))) == [("antes", "")]
        assert refused(world, replace(month, archivo=b"texto")) == [("no_pdf", "archivo")]
        assert refused(world, replace(paper, dia=None)) == [("dia", "dia")]
        for wrong in ("2023-12-31", "2024-04-21"):
            assert refused(world, replace(paper, dia=D(wrong))) == [("dia", "dia")]
        assert refused(world, NewDeposit(key(world, "ICT", "2024-1"), "c.pdf", pdf())) == [("sin_efecto", "")]
        assert not Deposito.objects.exists()
        deposit(world.party, month, world.clerk)
        assert refused(world, month) == [("repetido", "archivo")]


def test_nothing_is_kept_of_what_is_refused(campaign: Campaign) -> None:
    world = campaign.world
    with on("2024-04-20 18:30"):
        for new, who in (
            (NewDeposit(key(world, "RMA", "2024-4"), "abril.pdf", pdf("de antes")), world.clerk),
            (NewDeposit(key(world, "RMA", "2024-3"), "marzo.pdf", pdf("ajena")), world.stranger),
        ):
            refused(world, new, who)
            kept = sha256_hex(new.archivo)
            assert file_of(kept) is None
            with pytest.raises(FileMissing):
                read_file(kept)


def test_a_deposit_whose_acuse_cannot_be_drawn_is_kept_with_its_hour_and_digest(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = campaign.world
    new = NewDeposit(key(world, "RMA", "2024-3"), "marzo.pdf", pdf())

    def full(_made: Deposito) -> bytes:
        raise OSError(ENOSPC, "sin espacio")

    with on("2024-04-20 18:30"):
        with monkeypatch.context() as broken:
            broken.setattr(deposit_acuses, "deposit_pdf", full)
            made = deposit(world.party, new, world.clerk)
            assert draw_waiting() == 0
        made.refresh_from_db()
        assert (made.acuse_kept, made.sha256) == ("", sha256_hex(new.archivo))
        assert made.depositado_el == clock.now() and read_file(made.sha256) == new.archivo
        assert Suceso.objects.filter(verbo="depositar", objeto=made.pk).count() == 1
        assert state(world, new.clave, "2024-04-20") == ("cumplida", D("2024-04-20"), made.folio)
        assert refused(world, new) == [("repetido", "archivo")]
    with on("2024-04-20 18:31"):
        assert [draw_waiting(), draw_waiting()] == [1, 0]
    made = Deposito.objects.get()
    assert made.acuse.dibujado_el > made.depositado_el and read_file(made.acuse_kept) == deposit_pdf(made)


def test_the_acuse_of_a_process_that_died_before_drawing_it_is_drawn_once_by_the_worker(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = campaign.world

    class Died(BaseException):
        """What no `except Exception` of the program sees, as the end of its process."""

    def dies(_made: Deposito) -> bytes:
        raise Died

    with on("2024-04-20 18:30"):
        for month in (2, 3):
            with monkeypatch.context() as dead, pytest.raises(Died):
                dead.setattr(deposit_acuses, "deposit_pdf", dies)
                deposit(world.party, NewDeposit(key(world, "RMA", f"2024-{month}"), "m.pdf", pdf()), world.clerk)
        assert Deposito.objects.count() == 2 and not AcuseDeposito.objects.exists()
        tasks.draw_those_that_wait(0)
        tasks.draw_those_that_wait(0)
    assert AcuseDeposito.objects.count() == 2 and not without_acuse().exists()


def test_a_deposit_whose_file_cannot_be_kept_leaves_nothing(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = campaign.world
    new = NewDeposit(key(world, "RMA", "2024-3"), "marzo.pdf", pdf())

    def full(_data: bytes) -> None:
        raise OSError(ENOSPC, "sin espacio")

    with on("2024-04-20 18:30"):
        with monkeypatch.context() as broken:
            broken.setattr(depositing, "store_file", full)
            with pytest.raises(OSError, match="sin espacio"):
                deposit(world.party, new, world.clerk)
        assert not Deposito.objects.exists() and not Suceso.objects.filter(verbo="depositar").exists()
        assert deposit(world.party, new, world.clerk).folio.endswith("-0001")


def test_what_was_deposited_in_a_year_without_process_is_reached_years_after(campaign: Campaign) -> None:
    world = campaign.world
    met, other = key(world, "RMA", "2024-3"), key(world, "RMA", "2024-4")
    with on("2024-04-20 18:30"):
        made = deposit(world.party, NewDeposit(met, "marzo.pdf", pdf()), world.clerk)
    with on("2025-06-10 09:00"):
        late = deposit(world.party, NewDeposit(other, "abril.pdf", pdf("abril")), world.clerk)
    for day in ("2025-06-11", "2026-06-11", "2031-01-02"):
        assert state(world, met, day) == ("cumplida", D("2024-04-20"), made.folio)
        assert state(world, other, day)[2] == late.folio
        found = receivable(world.party.pk, met, D(day))
        assert found is not None and list(deposits_of(found)) == [made]
    assert receivable(world.party.pk, key(world, "RMA", "2024-5"), D("2025-06-11")) is not None
    assert receivable(world.party.pk, key(world, "RMA", "2024-5"), D("2026-06-11")) is None
    assert receivable(world.party.pk, key(world, "IA", "2023-1"), D("2025-06-11")) is None


def test_the_acuse_is_kept_as_it_was_issued_whatever_the_law_says_later(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = campaign.world
    with on("2024-04-20 18:30"):
        made = deposit(world.party, NewDeposit(key(world, "RMA", "2024-3"), "marzo.pdf", pdf()), world.clerk)
    kept, drawn = read_file(made.acuse_kept), deposit_pdf(made)
    assert kept == drawn
    law = dict(load_duties(settings.JURISDICTION))
    law["RMA"] = replace(law["RMA"], que="Otra cosa", articulo="LGPP 99")
    monkeypatch.setattr(campaign_sheets, "load_duties", lambda _jurisdiction: law)
    made.refresh_from_db()
    assert deposit_pdf(made) != drawn and not draw_waiting() and read_file(made.acuse_kept) == kept


def test_the_acuse_is_mailed_to_who_deposits(campaign: Campaign, office: Office) -> None:
    world = campaign.world
    keep_address(world.clerk, "olga@ejemplo.mx", "es-mx")
    send_due()
    office.taken.clear()
    with on("2024-04-20 18:30"):
        made = deposit(world.party, NewDeposit(key(world, "RMA", "2024-3"), "marzo.pdf", pdf()), world.clerk)
        assert send_due() == {"enviado": 1}
    ((to, message),) = office.taken
    assert to == "olga@ejemplo.mx" and message["subject"] == f"Acuse del depósito {made.folio}"
    said = text_of(message)
    assert made.sha256 in said and code_of(deposit_huella(made)) in said and "/acuse/" in said


def test_a_deposit_is_read_by_who_sees_the_subject_whole_and_never_changed(campaign: Campaign) -> None:
    world = campaign.world
    with on("2024-04-20 18:30"):
        made = deposit(world.party, NewDeposit(key(world, "RMA", "2024-3"), "marzo.pdf", pdf()), world.clerk)
        for who, sees in ((world.clerk, 1), (world.stranger, 0)):
            with scope._within(scope_of_user(who), who.pk):
                assert Deposito.objects.count() == sees
    for change in ({"cumplida_el": D("2024-04-01")}, {"sha256": "0" * 64}):
        with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic(), acting():
            Deposito.objects.filter(pk=made.pk).update(**change)


@pytest.mark.parametrize(
    "wrong", [{"depositado_por": "stranger"}, {"cumplida_el": D("2024-02-28")}, {"cumplida_el": D("2024-05-30")}]
)
def test_the_database_takes_no_forged_deposit(campaign: Campaign, wrong: dict[str, Any]) -> None:
    world = campaign.world
    with on("2024-04-20 18:30"):
        row = {
            "folio": "DO-1",
            "sujeto": world.party,
            "obligacion": "RMA",
            "desde": D("2024-03-01"),
            "hasta": D("2024-03-31"),
            "cumplida_el": D("2024-04-20"),
            "nombre": "m.pdf",
            "sha256": "0" * 64,
            "bytes": 1,
            "depositado_el": clock.now(),
            "depositado_por": world.clerk,
        } | {name: getattr(world, value) if value == "stranger" else value for name, value in wrong.items()}
        with pytest.raises(IntegrityError, match=r"no deposita|El depósito"), transaction.atomic(), acting():
            Deposito.objects.create(**row)


def test_the_acknowledgement_says_what_was_deposited_and_for_what(campaign: Campaign) -> None:
    world = campaign.world
    with on("2024-04-20 18:30"):
        made = deposit(
            world.party, NewDeposit(key(world, "PUB-T", "2024-1"), "r.pdf", pdf(), D("2024-03-20")), world.clerk
        )
    told = str(deposit_sheet(made))
    for words in (made.folio, made.sha256, world.party.nombre, "LGPP 25.1.h", "Publicación trimestral", "r.pdf"):
        assert words in told


class Twice:
    """A subject that deposits for two duties at once."""

    def __init__(self) -> None:
        self.world = make_world()

    def act(self, month: int) -> Any:
        new = NewDeposit(key(self.world, "RMA", f"2024-{month}"), "m.pdf", pdf(str(month)))
        return lambda: deposit(self.world.party, new, self.world.clerk)


def test_two_deposits_at_once_take_their_folios_one_after_another(
    django_db_setup: None, django_db_blocker: Any
) -> None:
    with committed(django_db_blocker, Twice) as twice, on("2024-04-20 18:30"):
        assert open_points(twice.act(2), twice.act(3), "filing_deposito") == []


def test_the_drawing_of_an_acuse_keeps_nobody_of_its_subject_waiting_but_who_draws_the_same(
    django_db_setup: None, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn, waited = list[int](), dict[str, bool]()

    def slow(made: Deposito) -> bytes:
        drawn.append(made.pk)
        if not waited:
            waited["same"] = False  # what the rivals draw in their turn asks nothing again
            waited["same"] = rival_waits(lambda: draw_acuse(made.pk))
            waited["other"] = rival_waits(twice.act(3))
        return deposit_pdf(made)

    with committed(django_db_blocker, Twice) as twice, on("2024-04-20 18:30"):
        monkeypatch.setattr(deposit_acuses, "deposit_pdf", slow)
        made = twice.act(2)()
        assert waited == {"same": True, "other": False}
        assert drawn.count(made.pk) == 1 and not draw_acuse(made.pk)
        assert AcuseDeposito.objects.filter(deposito=made).count() == 1
