"""Two signers at once, and one who takes back while the other signs: one filing or none, and no signature lost."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from acts import committed
from filing.campaign import on
from filing.ordinary import Ordinary, make_ordinary
from sif.filing import services
from sif.filing.models import Compromiso, CompromisoSinEfecto, Informe, Presentacion
from sif.filing.presenting import complete_waiting
from sif.filing.withdrawing import withdraw
from sif.registry.scope import everything
from sif.signing import minting
from sif.values import Refused

HOUR = "2026-02-20 10:00"


@pytest.fixture
def year(
    django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path, mint: minting.MintedAuthority
) -> Iterator[Ordinary]:
    """An ordinary year really committed, with its annual prepared."""
    settings.DATOS = tmp_path

    def build() -> Ordinary:
        made = make_ordinary(mint)
        made.fill()
        made.prepare(4, "IA")
        return made

    with on(HOUR), committed(django_db_blocker, build) as made:
        services.authority_key()
        yield made


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Do some acts at once, each in a connection of its own; return what each gave, or the codes of its refusal."""
    gate = Barrier(len(acts))

    def one(act: Callable[[], Any]) -> Any:
        try:
            with on(HOUR), everything():
                gate.wait(30)
                return act()
        except Refused as refused:
            return [each.codigo for each in refused.problems]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [each.result() for each in [threads.submit(one, act) for act in acts]]


def test_two_who_sign_at_once_present_it_once(year: Ordinary) -> None:
    annual = Informe.objects.get(tipo="IA")
    found = together(
        lambda: services.complete(year.keep(annual)),
        lambda: services.complete(year.keep(annual, year.auditor)),
        lambda: services.complete(year.keep(annual, year.auditor)),
    )
    made = Presentacion.objects.get()
    assert made in found and all(each == made or isinstance(each, Compromiso) for each in found)
    assert made.acuse["formato"] == "sif-acuse/2" and not CompromisoSinEfecto.objects.exists()
    assert Compromiso.objects.count() == 2 and complete_waiting() == 0


def test_who_takes_back_while_the_other_signs_loses_no_signature(year: Ordinary) -> None:
    annual = Informe.objects.get(tipo="IA")
    first = year.keep(annual)
    withdrawn, signed = together(
        lambda: withdraw(annual, year.clerk), lambda: services.complete(year.keep(annual, year.auditor))
    )
    second = Compromiso.objects.exclude(pk=first.pk).get()
    ended = set(CompromisoSinEfecto.objects.values_list("compromiso", flat=True))
    if isinstance(signed, Presentacion):
        assert withdrawn in (["ya_presentado"], ["nada_que_retirar"]) and not ended
    else:  # it was taken back: of the second, before it came, or with it
        assert withdrawn in (1, 2) and first.pk in ended and signed in (second, ["firma_retirada"])
        assert not Presentacion.objects.exists() and (second.pk in ended) == (withdrawn == 2)
