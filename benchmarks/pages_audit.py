"""Pages of the auditor's desk with 300,000 hallazgos of 120 sets of books: queries, median and p95, warm.

`python benchmarks/pages_audit.py FOLDER [NAME …]` fills an installation in FOLDER the first time, over the rows of
`pages.py`, and measures the pages named, or all of them. The rows are written by SQL without triggers: they are to be
read, and no leaf of theirs is checked. What people did: 40 % assigned, 15 % adopted, 5 % dismissed, 2 % proposed and
2 % waiting for an answer.
"""

import sys
from pathlib import Path
from typing import Any

import campaign as campaigns
import pages

FOUND, BEFORE, AUDITORS = 300_000 // pages.PART, 100_000 // pages.PART, 20

RUN = """
INSERT INTO audit_instantanea (id, etapa_id, digest, corte_el, hecha_el, manifiesto)
    SELECT n, %(etapa)s, repeat(n::text, 64), current_date, now() - interval '9 days', '{}'
    FROM generate_series(1, 2) n;
INSERT INTO audit_corrida (id, instantanea_id, inicio_el, fin_el, reglas_digest)
    SELECT n, n, now() - interval '9 days', now() - interval '9 days', repeat('a', 64) FROM generate_series(1, 2) n;
CREATE TEMPORARY TABLE regla AS SELECT row_number() OVER () - 1 AS n, r.* FROM
    unnest(%(reglas)s::text[], %(resultados)s::text[]) r (regla, resultado);
CREATE TEMPORARY TABLE libros AS SELECT row_number() OVER (ORDER BY b) - 1 AS n, b FROM unnest(%(libros)s::int[]) b;
INSERT INTO audit_versionregla (id, digest, regla, archivo, compilada, guardada_el)
    SELECT n + 1, lpad(n::text, 64, '0'), regla, '', '{}', now() FROM regla;
CREATE TEMPORARY TABLE hecho AS
    SELECT g AS id, r.regla, l.b AS libros, r.n AS orden, 'poliza_id=' || g AS clave,
        CASE WHEN g %% 20 = 0 THEN 'sin_dato' ELSE 'hallazgo' END AS estado,
        CASE WHEN g %% 20 = 0 THEN 'sin_fecha' ELSE r.resultado END AS resultado,
        (g::bigint * 7919 %% 1000003) * 100 AS monto
    FROM generate_series(1, %(hallados)s) g
    JOIN regla r ON r.n = g %% (SELECT count(*) FROM regla) JOIN libros l ON l.n = g::bigint * 7 / 3 %% 120;
INSERT INTO audit_asunto (id, etapa_id, contabilidad_id, regla, clave)
    SELECT id, %(etapa)s, libros, regla, clave FROM hecho ORDER BY id;
INSERT INTO audit_hallazgo (corrida_id, asunto_id, regla, regla_digest, parametros, clave, grupo, contabilidad_id,
        estado, resultado, dia, monto, fila, mensaje)
    SELECT c.id, h.id, h.regla, lpad(h.orden::text, 64, '0'), '[]', h.clave, h.clave, h.libros, h.estado,
        h.resultado, current_date - (h.id %% 18)::int, h.monto,
        jsonb_build_object('poliza_id', h.id, 'referencia', format('PN1/EG-%%s/NOV-26; ID %%s', h.id, h.libros),
            'contabilidad_id', h.libros, 'monto', h.monto, 'fecha', current_date, 'nombre', 'Impresos del Prado'),
        format('La póliza PN1/EG-%%s no tiene el archivo XML de su comprobante, por $%%s.00.', h.id, h.monto)
    FROM hecho h JOIN (VALUES (1, %(antes)s), (2, %(hallados)s)) c (id, hasta) ON h.id <= c.hasta ORDER BY c.id, h.id;
INSERT INTO audit_cobertura (corrida_id, regla, contabilidad_id, juzgadas, hallazgo, cumple, no_aplica, sin_dato,
        monto_hallazgo)
    SELECT corrida_id, regla, contabilidad_id, count(*) * 10, count(*) FILTER (WHERE estado = 'hallazgo'), count(*) * 9,
        0, count(*) FILTER (WHERE estado = 'sin_dato'), coalesce(sum(monto) FILTER (WHERE estado = 'hallazgo'), 0)
    FROM audit_hallazgo GROUP BY corrida_id, regla, contabilidad_id;
INSERT INTO audit_reglacorrida (corrida_id, version_id, regla, motor, segundos, juzgadas, hallazgo, cumple, no_aplica,
        sin_dato, monto_hallazgo)
    SELECT c.corrida_id, r.n + 1, c.regla, 'DuckDB', 0.1, sum(juzgadas), sum(hallazgo), sum(cumple), 0, sum(sin_dato),
        sum(monto_hallazgo)
    FROM audit_cobertura c JOIN regla r USING (regla) GROUP BY c.corrida_id, r.n, c.regla;
"""
REVIEW = """
CREATE TEMPORARY TABLE gente AS SELECT row_number() OVER (ORDER BY p) - 1 AS n, p FROM unnest(%(gente)s::int[]) p;
CREATE TEMPORARY TABLE rever AS
    SELECT h.id, h.asunto_id, h.regla, h.monto, c.sujeto_id, p.p AS quien, q.p AS otra, h.asunto_id %% 100 AS parte
    FROM audit_hallazgo h JOIN registry_contabilidad c ON c.id = h.contabilidad_id
    JOIN gente p ON p.n = h.asunto_id %% 20 JOIN gente q ON q.n = (h.asunto_id + 1) %% 20
    WHERE h.corrida_id = 2 AND h.estado = 'hallazgo';
INSERT INTO audit_asignacion (asunto_id, usuario_id, asignada_el, asignada_por_id)
    SELECT asunto_id, quien, now(), otra FROM rever WHERE parte < 40;
INSERT INTO audit_reparto (etapa_id, regla, usuario_id, hecho_el, hecho_por_id)
    SELECT %(etapa)s, r.regla, g.p, now(), g.p FROM regla r JOIN gente g ON g.n = r.n WHERE r.n < 10;
INSERT INTO audit_observacion (id, identidad, version, etapa_id, sujeto_id, numero, regla, titulo, texto, solicitud,
        fundamento, criterio, monto, adoptada_el, adoptada_por_id, motivo, registrada_el)
    SELECT n, n, 1, %(etapa)s, sujeto_id, row_number() OVER (PARTITION BY sujeto_id ORDER BY n), regla,
        'Gasto sin su comprobante', 'Hay pólizas sin su comprobante.', 'Presente el comprobante.', 'LGPP 63.1.a',
        'sin_xml', monto, now() - interval '1 day', quien, '', now()
    FROM (SELECT row_number() OVER (ORDER BY sujeto_id, regla, lote) AS n, sujeto_id, regla, sum(monto) AS monto,
            min(quien) AS quien
          FROM (SELECT *, id / 7000 AS lote FROM rever WHERE parte < 15) r GROUP BY sujeto_id, regla, lote) o;
INSERT INTO audit_observacion_hallazgos (observacion_id, hallazgo_id)
    SELECT o.n, r.id FROM (SELECT row_number() OVER (ORDER BY sujeto_id, regla, lote) AS n, sujeto_id, regla, lote
        FROM (SELECT *, id / 7000 AS lote FROM rever WHERE parte < 15) r GROUP BY sujeto_id, regla, lote) o
    JOIN rever r ON r.sujeto_id = o.sujeto_id AND r.regla = o.regla AND r.id / 7000 = o.lote AND r.parte < 15;
INSERT INTO audit_descarte (hallazgo_id, motivo, hecho_el, hecho_por_id)
    SELECT id, 'Ya constaba el comprobante.', now() - interval '2 days', quien FROM rever WHERE parte BETWEEN 15 AND 19;
INSERT INTO audit_propuesta (asunto_id, hallazgo_id, decision, motivo, texto, propuesta_el, propuesta_por_id)
    SELECT asunto_id, id, CASE WHEN parte < 15 THEN 'adoptar' ELSE 'desechar' END, 'Conforme a la regla.', '',
        now() - interval '3 days', otra FROM rever WHERE parte < 22;
INSERT INTO audit_propuestaresuelta (propuesta_id, sentido, comentario, hecho_el, hecho_por_id)
    SELECT p.id, 'confirmada', '', now() - interval '1 day', r.quien
    FROM audit_propuesta p JOIN rever r ON r.id = p.hallazgo_id
    WHERE r.parte < 20;
INSERT INTO audit_comentario (asunto_id, texto, hecho_el, hecho_por_id)
    SELECT asunto_id, 'Falta cotejar.', now(), quien FROM rever WHERE parte BETWEEN 20 AND 24;
INSERT INTO audit_pedido (asunto_id, destino, texto, pedido_el, pedido_por_id)
    SELECT asunto_id, 'sujeto', 'Presente el archivo.', now(), quien FROM rever WHERE parte BETWEEN 23 AND 24;
"""


def installed(folder: Path) -> Any:
    """Open the installation of a folder, filled the first time, and return the auditor who looks at it."""
    pages.installed(folder)
    from sif.registry.models import Usuario
    from sif.registry.scope import WHOEVER_SIGNS, everything

    if not (mark := folder / "lleno_de_hallazgos").exists():
        with everything(WHOEVER_SIGNS, acts=True):
            made = _people(campaigns.again())
        _fill(*made)
        mark.touch()
    with everything(WHOEVER_SIGNS):
        return Usuario.objects.get(username="auditora1")


def _people(made: Any) -> tuple[Any, list[int]]:
    """Appoint who audits; the first of them sits in the council too."""
    from datetime import timedelta

    from sif.registry import clock, services

    since, people = clock.today() - timedelta(days=60), []
    for n in range(1, AUDITORS + 1):
        one = services.create_usuario(
            f"auditora{n}", f"Auditora {n}", "", password_hash=campaigns.NOBODY, rfc=f"AUDA8001{n:02d}AB{n % 10}"
        )
        services.appoint(one, "auditor", desde=since)
        if n == 1:
            services.appoint(one, "consejero", desde=since)
        people.append(one.pk)
    return made, people


def _fill(made: Any, people: list[int]) -> None:
    from django.db import connection

    from sif.rulebook.reading import load_rules

    rules = [rule for rule in load_rules("mx") if made.etapa.tipo in rule.applies_to]
    first = [next((o.name for o in rule.outcomes if o.state == "hallazgo"), "") for rule in rules]
    kept = [(rule.id, name) for rule, name in zip(rules, first, strict=True) if name]
    said = {
        "etapa": made.etapa.pk,
        "reglas": [rule for rule, _name in kept],
        "resultados": [name for _rule, name in kept],
        "libros": [row.pk for row in made.libros],
        "hallados": FOUND,
        "antes": BEFORE,
        "gente": people,
    }
    with pages._as_superuser(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for sql in (RUN, REVIEW):
            for statement in sql.split(";\n"):
                if statement.strip():
                    cursor.execute(statement, said)
        cursor.execute(
            "SELECT format('SELECT setval(%%L, (SELECT coalesce(max(id), 1) FROM %%I))',"
            " pg_get_serial_sequence(t, 'id'), t)"
            " FROM unnest(ARRAY['audit_instantanea', 'audit_corrida', 'audit_versionregla', 'audit_asunto',"
            " 'audit_observacion']) t",
            [],
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE")


NOT_MEASURED = {
    "indicios": "lee los archivos de una instantánea, que aquí no hay; se mide en docs/rendimiento.md, por trabajos",
    "muestreo": "lo mismo",
    "archivo": "abre el papel de un hallazgo: su tiempo es el del archivo",
    "imagen": "lo mismo",
    "exportar": "escribe todo lo filtrado, renglón por renglón, mientras se descarga",
    "matriz_xlsx": "escribe un libro, que no es una página",
    "matriz_plan": "lee el libro que alguien entregó",
    "oficio": "pide un oficio con su documento; la lista sí se mide",
    "oficio_documento": "entrega un archivo",
    "dictamen": "pide un dictamen abierto; la lista sí se mide",
    "dictamen_documento": "entrega un archivo",
    "conclusion": "pide un dictamen abierto",
    "lista_plantilla": "entrega un archivo",
    "lista_csv": "entrega un archivo",
    "regla_texto": "es el texto de la regla, sin nada de la base",
    "proyecto": "es un acto",
    "resolucion": "pide una resolución votada; la lista sí se mide",
    "documento": "entrega un archivo",
    "base": "es la hoja de una base de ley, igual con cualquier número de hallazgos",
    "leyes_texto": "pide una ley cargada",
}
"""Addresses of the desks of the authority that are not measured, by name, each with why."""


def addresses() -> dict[str, str]:
    """Each page of both desks with an address that asks for it, and some as people narrow and order them."""
    from django.urls import reverse

    from sif.audit.models import Corrida, Hallazgo, Observacion
    from sif.registry.models import SujetoObligado
    from sif.registry.scope import WHOEVER_SIGNS, everything
    from sif.web.keyset import Cursor

    with everything(WHOEVER_SIGNS):
        run = Corrida.objects.latest("pk")
        middle = Hallazgo.objects.filter(corrida=run, estado="hallazgo", monto__gte=50_000_000).earliest("monto", "pk")
        seen = Observacion.objects.earliest("pk")
        subject = SujetoObligado.objects.get(pk=seen.sujeto_id)
    queue = reverse("auditor:hallazgos")
    names = (
        "home",
        "etapas",
        "hallazgos",
        "avance",
        "riesgo",
        "calendario",
        "cumplimiento",
        "escalamiento",
        "listas",
        "lista_69b",
        "matriz",
        "corridas",
        "cobertura",
        "observaciones",
        "oficios",
        "respuestas",
        "dictamenes",
        "publicacion",
    )
    council = ("home", "dictamenes", "resoluciones", "calendario", "criterios", "leyes", "leyes_espera", "leyes_textos")
    return {
        **{name: reverse(f"auditor:{name}") for name in names},
        "hallazgos, por confirmar": f"{queue}?decision=propuesto",
        "hallazgos, adoptados": f"{queue}?decision=adoptado",
        "hallazgos, míos": f"{queue}?asignado=yo",
        "hallazgos, de una regla": f"{queue}?regla={middle.regla}",
        "hallazgos, de un sujeto": f"{queue}?sujeto={subject.pk}",
        "hallazgos, de una falta y un monto": f"{queue}?falta=grave&monto=500000",
        "hallazgos, por regla": f"{queue}?orden=regla",
        "hallazgos, a la mitad": f"{queue}?pagina={Cursor(middle.monto, middle.pk, 100_000, back=False).text()}",
        "hallazgo": reverse("auditor:hallazgo", args=[middle.pk]),
        "observacion": reverse("auditor:observacion", args=[seen.pk]),
        "regla": reverse("auditor:regla", args=[middle.regla]),
        "cumplimiento_sujeto": reverse("auditor:cumplimiento_sujeto", args=[subject.siglas]),
        **{f"consejo, {name}": reverse(f"council:{name}") for name in council},
    }


def main() -> int:
    """Measure the pages named."""
    folder, *names = sys.argv[1:]
    person = installed(Path(folder))
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
    client = Client(headers={"accept-language": "es-MX"})
    client.cookies[settings.SESSION_COOKIE_NAME] = pages._session_of(client, person)
    print("| página | consultas | p50 ms | p95 ms |\n|---|---|---|---|")
    for words, address in addresses().items():
        if not names or words in names:
            asked, median, high = pages.measure(client, address)
            print(f"| {words} | {asked} | {median:.0f} | {high:.0f} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
