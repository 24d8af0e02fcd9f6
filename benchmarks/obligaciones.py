"""Measure the calendar and the obligations of a national process: 40,000 contabilidades, their accounts and reports."""

import json
import os
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from campaign import connect

BOOKS, PARTIES, REPORTED = 40_000, 20, 30_000
BATCH = 2_000
LATE = date(2024, 6, 10)
"""A day on which every report is overdue that was not presented."""


def make_process() -> Any:
    """Make a federal campaign of three periods with its parties and 40,000 candidacies, most with a first report."""
    from sif.registry import services
    from sif.registry.models import Cargo, Territorio
    from sif.registry.scope import WHOEVER_SIGNS, everything

    proceso = services.create_proceso(
        clave="PEF-BANCO", nombre="Proceso de medición", ambito="federal", anio=2024, jornada_el=date(2024, 6, 2)
    )
    etapa = services.create_etapa(proceso, "campana", date(2024, 3, 1), date(2024, 5, 29))
    services.open_periods(etapa)
    parties = [services.register_sujeto("partido", f"{n}", f"P{n}", f"Partido {n}") for n in range(1, PARTIES + 1)]
    with everything(WHOEVER_SIGNS):
        cargo = Cargo.objects.create(clave="DF", nombre="Diputación federal", ambito="federal", columna="D")
        place = Territorio.objects.create(clave="MEX-1", nombre="Distrito 1", tipo="distrito", entidad="MEX")
    for first in range(0, BOOKS, BATCH):
        _candidacies(etapa, parties, cargo, place, range(first, min(first + BATCH, BOOKS)))
    return etapa


def _candidacies(etapa: Any, parties: list[Any], cargo: Any, place: Any, numbers: range) -> None:
    from sif.registry.models import Candidatura, Contabilidad, CuentaBancaria, Persona
    from sif.registry.scope import WHOEVER_SIGNS, everything, registering

    opened = datetime.fromisoformat("2024-02-28T10:00-06:00")
    with everything(WHOEVER_SIGNS):
        people = Persona.objects.bulk_create(Persona(nombre=f"Candidatura {n}") for n in numbers)
    with registering():
        rows = Candidatura.objects.bulk_create(
            Candidatura(
                etapa=etapa, persona=who, sujeto=parties[n % PARTIES], cargo=cargo, territorio=place, folio=f"F{n}"
            )
            for n, who in zip(numbers, people, strict=True)
        )
        books = Contabilidad.objects.bulk_create(
            Contabilidad(
                id=100_000 + n,
                etapa=etapa,
                sujeto=parties[n % PARTIES],
                clase="candidatura",
                candidatura=row,
                habilitada_el=opened,
            )
            for n, row in zip(numbers, rows, strict=True)
        )
    with everything(WHOEVER_SIGNS):
        CuentaBancaria.objects.bulk_create(
            CuentaBancaria(contabilidad=each, clabe=f"{each.pk:018d}", banco="Banco", apertura_el=date(2024, 3, 1))
            for each in books
        )


def report_first_period(etapa: Any) -> None:
    """Present the first report of most candidacies, as rows: what is measured reads them and judges no seal."""
    from sif.filing.models import Informe, Presentacion
    from sif.registry.models import Contabilidad
    from sif.registry.scope import everything, registering
    from sif.registry.services import create_usuario

    person = create_usuario("banco", "Persona", None)
    period, moment = etapa.periodos.get(numero=1), datetime.fromisoformat("2024-04-01T12:00-06:00")
    numbers = list(Contabilidad.objects.order_by("pk").values_list("pk", flat=True)[:REPORTED])
    with everything(person.pk, acts=True):
        for first in range(0, REPORTED, BATCH):
            informes = Informe.objects.bulk_create(
                Informe(
                    contabilidad_id=pk,
                    periodo=period,
                    etapa_captura="normal",
                    version=1,
                    folio=f"IC-{pk}-1-1",
                    contenido={},
                    contenido_sha256="0" * 64,
                    ingresos=0,
                    egresos=0,
                    generado_el=moment,
                    generado_por=person,
                )
                for pk in numbers[first : first + BATCH]
            )
            with registering():  # as the service that presents does
                Presentacion.objects.bulk_create(
                    Presentacion(
                        informe=each,
                        recibida_el=moment + timedelta(seconds=place),
                        preparada_el=moment,
                        cadena="",
                        sello="",
                        certificado=b"",
                        rfc="",
                        nombre="",
                        serie="",
                        emisor_sha256="",
                        revocacion="",
                        acuse={},
                        hoja=first + place,
                    )
                    for place, each in enumerate(informes)
                )


def measure() -> dict[str, float]:
    """Seconds of the counts of everybody, of a page of one party, of one of what presses, and of every calendar."""
    from sif.duties.selectors import compliance, drafts_of, urgent
    from sif.proceedings.terms import period_calendars_of
    from sif.registry.models import Contabilidad, Etapa, SujetoObligado
    from sif.registry.scope import WHOEVER_SIGNS, everything

    al = date(2024, 5, 10)
    with everything(WHOEVER_SIGNS):
        began = time.perf_counter()
        for etapa in Etapa.objects.select_related("proceso"):
            days = period_calendars_of(etapa)
            every = [(pk, days) for pk in Contabilidad.objects.filter(etapa=etapa).values_list("pk", flat=True)]
        calendar = time.perf_counter() - began
        began, spent = time.perf_counter(), time.process_time()
        counted = compliance(al)
        whole, spent = time.perf_counter() - began, time.process_time() - spent
        party = SujetoObligado.objects.get(numero="1")
        began, paid = time.perf_counter(), time.process_time()
        listed = drafts_of([party.pk], al)
        listed.kinds(), listed.states(), listed.firsts(lambda common: (common.tipo, common.vence_el))
        first = listed.between(len(listed) // 2, len(listed) // 2 + 50)
        one, paid = time.perf_counter() - began, time.process_time() - paid
        began, worked = time.perf_counter(), time.process_time()
        presses = urgent(LATE, [etapa.pk])
        presses.kinds(), presses.states(), presses.subjects()
        shown = presses.between(len(presses) // 2, len(presses) // 2 + 50)
        page, worked = time.perf_counter() - began, time.process_time() - worked
    if len(every) != BOOKS or counted[party.pk, "IC", "cumplida"] != REPORTED // PARTIES:
        raise AssertionError(f"se esperaban {BOOKS} contabilidades y {REPORTED // PARTIES} informes: {counted}")
    if len(shown) != 50 or len(first) != 50:
        raise AssertionError(f"se esperaban páginas de 50: {len(shown)} por escalar, {len(first)} de un partido")
    return {
        "obligaciones_carga_de_la_maquina": os.getloadavg()[0],
        "obligaciones_40_mil_contabilidades": float(sum(counted.values())),
        "obligaciones_calendario_40_mil_s": calendar,
        "obligaciones_40_mil_s": whole,
        "obligaciones_40_mil_procesador_s": spent,
        "obligaciones_de_un_partido": float(len(listed)),
        "obligaciones_de_un_partido_s": one,
        "obligaciones_de_un_partido_procesador_s": paid,
        "obligaciones_por_escalar": float(len(presses)),
        "obligaciones_por_escalar_s": page,
        "obligaciones_por_escalar_procesador_s": worked,
    }


def main() -> None:
    """Print the measures as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        connect(Path(folder))
        etapa = make_process()
        report_first_period(etapa)
        print(json.dumps(measure()))


if __name__ == "__main__":
    main()
