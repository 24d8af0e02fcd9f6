"""An audit as a job: asked once by who audits, told by rule, and kept once whatever happens between its pieces."""

from typing import Any

import pytest

from kept import keeps
from proceedings.world import World, at, campaign_in_review
from sif.audit import tasks
from sif.audit.engine import SnapshotRefused
from sif.audit.models import Corrida, Instantanea
from sif.audit.tasks import AUDIT, ask_for_audit, open_audit
from sif.jobs.models import Trabajo
from sif.jobs.running import run_pieces
from sif.registry.scope import everything
from sif.rulebook.reading import load_rules

RULES = frozenset({"CF001", "CF012", "RE001"})


@pytest.fixture
@keeps(campaign_in_review)
def audited(world_of: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A campaign whose rulebook has three rules."""
    settings.TRABAJOS_EN_LINEA = False
    rules = sorted((rule for rule in load_rules("mx") if rule.id in RULES), key=lambda rule: rule.id)
    monkeypatch.setattr(tasks, "rules_of", lambda _etapa: rules)
    with everything(), at("2018-07-05 12:00"):
        yield world_of(campaign_in_review)


def test_an_audit_is_asked_once_by_who_audits(audited: World) -> None:
    first = ask_for_audit(audited.etapa, audited.dario)
    assert ask_for_audit(audited.etapa, audited.dario).pk == first.pk == open_audit(audited.etapa).pk  # type: ignore[union-attr]
    with pytest.raises(PermissionError, match="es de un auditor"):
        ask_for_audit(audited.etapa, audited.alicia)


def test_a_broken_audit_goes_on_and_keeps_one_run(audited: World, monkeypatch: pytest.MonkeyPatch) -> None:
    trabajo, keep = ask_for_audit(audited.etapa, audited.dario), tasks.run
    told: list[int] = []
    before, frozen = Corrida.objects.count(), Instantanea.objects.count()
    monkeypatch.setattr(tasks, "judge", _spied(told))

    def breaks(*_given: Any) -> Any:
        raise OSError("disco")

    monkeypatch.setattr(tasks, "run", breaks)
    with pytest.raises(OSError, match="disco"):
        run_pieces(trabajo.pk)
    trabajo.refresh_from_db()
    assert (trabajo.hechas, trabajo.total, Corrida.objects.count()) == (2, 3, before)
    assert Instantanea.objects.count() == frozen + 1
    monkeypatch.setattr(tasks, "run", keep)
    run_pieces(trabajo.pk)
    run_pieces(trabajo.pk)
    trabajo.refresh_from_db()
    assert Corrida.objects.count() == before + 1
    corrida = Corrida.objects.latest("pk")
    assert (trabajo.estado, trabajo.resultado["corrida"], trabajo.resultado["reglas"]) == ("hecho", corrida.pk, 3)
    assert sorted(corrida.reglas.values_list("regla", flat=True)) == sorted(RULES)
    assert told == [1, 2, 3]


def _spied(told: list[int]) -> Any:
    """The real judge, noting each count of rules that it tells."""
    real = tasks.judge

    def judge(instantanea: Any, rules: Any, *, tell: Any) -> Any:
        return real(instantanea, rules, tell=lambda progress: (tell(progress), _note(told, progress))[1])

    return judge


def _note(told: list[int], progress: Any) -> None:
    if progress.what == "regla":
        told.append(len(told) + 1)


def test_who_lost_the_appointment_audits_no_more(audited: World, monkeypatch: pytest.MonkeyPatch) -> None:
    trabajo, before = ask_for_audit(audited.etapa, audited.dario), Instantanea.objects.count()
    monkeypatch.setattr(tasks, "may", lambda *_given: False)
    run_pieces(trabajo.pk)
    trabajo.refresh_from_db()
    assert trabajo.estado == "fallido" and "nombramiento de auditoría" in trabajo.problemas[0]["mensaje"]
    assert Instantanea.objects.count() == before


def test_a_full_disk_is_told_in_words(audited: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: Any) -> Any:
        raise SnapshotRefused("No se pudo escribir la instantánea: libere espacio y congele de nuevo.")

    monkeypatch.setattr(tasks, "freeze", full)
    trabajo = ask_for_audit(audited.etapa, audited.dario)
    run_pieces(trabajo.pk)
    assert "libere espacio" in Trabajo.objects.get(tipo=AUDIT).problemas[0]["mensaje"]
