"""The reader takes a whole rule, and refuses each thing that is not one with the reason."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from sif.rulebook import read_rule
from sif.values import Refused

Writer = Callable[..., Path]


def test_it_reads_a_whole_rule(rule_file: Writer) -> None:
    rule = read_rule(rule_file(), "mx")
    assert (rule.id, rule.since, rule.until, rule.reach) == ("EX001", date(2014, 12, 19), None, "contabilidad")
    assert rule.columns[0] == "contabilidad_id" and "resultado" in rule.columns
    assert [v.valor for v in rule.parameters[0].values] == [3, 5]
    assert rule.parameters[0].on(date(2020, 1, 1)) == rule.parameters[0].values[1]
    assert rule.outcome("extemporanea").sanction == "registro_extemporaneo"
    assert len(rule.digest) == 64
    assert rule.cases[0].given["polizas"].rows[0][0] == 1


def test_a_change_of_one_byte_is_another_digest(rule_file: Writer) -> None:
    one = read_rule(rule_file(), "mx").digest
    assert one != read_rule(rule_file(("Si cuentan", "Si contaran")), "mx").digest


def test_a_figure_may_come_from_a_table_of_law(rule_file: Writer) -> None:
    start = (
        "  plazo: {unit: días naturales, values: [[2014-12-19, 2020-01-01, 3], [2020-01-01, null, 5]], basis: RF 38.1}"
    )
    rule = read_rule(rule_file((start, "  plazo: {from: law/parameters/plazo_registro_dias}")), "mx")
    assert rule.parameters[0].source == "law/parameters/plazo_registro_dias"
    assert rule.parameters[0].on(date(2024, 5, 1)) is not None


REFUSED = [
    ("id", "id: EX001", "id: EX002"),
    ("clave_desconocida", "severity: sustantiva", "severity: sustantiva\nseveridad: alta"),
    ("clave_desconocida", "state: cumple}", "state: cumple, dice: nada}"),
    ("clave_desconocida", "    status: por confirmar", "    status: por confirmar\n    link: http"),
    ("clave_faltante", "title: Registro extemporáneo de operaciones\n", ""),
    ("clave_faltante", "    status: por confirmar\n", ""),
    ("valor", "severity: sustantiva", "severity: terrible"),
    ("valor", "reach: contabilidad", "reach: mundial"),
    ("valor", "[ordinario, campana]", "[ordinario, verano]"),
    ("valor", "status: por confirmar", "status: cierto"),
    ("valor", "state: cumple}", "state: bien}"),
    ("fecha", "since: 2014-12-19\n", "since: ayer\n"),
    ("vigencia", "since: 2014-12-19\n", "since: 2014-12-19\nuntil: 2014-12-19\n"),
    ("articulo", "article: RF 38.1", "article: el 38"),
    ("lista", "    status: por confirmar", "    status: por confirmar\n    outcomes: extemporanea"),
    ("base", "    status: por confirmar", "    status: por confirmar\n    outcomes: [extemporanea, en_tiempo]"),
    ("sin_base", "    status: por confirmar", "    status: por confirmar\n    outcomes: [en_tiempo]"),
    ("articulo", "article: RF 38.1", "article: ZZ 38"),
    ("hueco", "2020-01-01, 3]", "2019-12-31, 3]"),
    ("traslape", "2020-01-01, 3]", "2020-01-02, 3]"),
    ("lapso_vacio", "[[2014-12-19, 2020-01-01, 3]", "[[2020-01-01, 2020-01-01, 3]"),
    ("inicio_tardio", "[[2014-12-19,", "[[2014-12-20,"),
    ("fin_temprano", "null, 5]", "2030-01-01, 5]"),
    ("valor", "null, 5]", "null, 5.5]"),
    ("valor", "null, 5]", "null, true]"),
    ("parametro_de_ley", "parameters:", "parameters:\n  otro: {from: law/parameters/luna}"),
    ("sql", "FROM polizas p\n", "FROM clientes p\n"),
    ("sql", "p.referencia, ", "p.sueldo, "),
    ("sql", "LEFT JOIN p_plazo t ON p.fecha_operacion >=", "LEFT JOIN p_plazo t ON p.fecha_operacion >"),
    ("sql", "universe: SELECT COUNT(*) FROM polizas", "universe: SELECT COUNT(*), 1 FROM polizas"),
    ("columna", "key: [poliza_id]", "key: [referencia_larga]"),
    ("columna", "day: fecha_operacion", "day: fecha_registro"),
    ("columna", "n.neto AS monto", "n.neto AS importe"),
    ("parametro", "parameters:", "parameters:\n  otro: {unit: días, values: [[2014-12-19, null, 1]], basis: RF 38.1}"),
    ("resultado_sin_nombre", "THEN 'extemporanea'", "THEN 'tardia'"),
    ("resultado_sobrante", "  en_tiempo: {state: cumple}", "  en_tiempo: {state: cumple}\n  otro: {state: cumple}"),
    ("sin_caso", "      5         | revertida         | -40000\n", ""),
    ("mensaje", "{dias} días", "{meses} meses"),
    ("mensaje", "{dias} días", "{dias.__class__} días"),
    ("mensaje", "{dias} días", "{dias días"),
    ("mensaje", "state: cumple}", "state: hallazgo}"),
    ("criterio", "sanction: registro_extemporaneo", "sanction: azotes"),
    ("nombre", "  en_tiempo: {state: cumple}", "  sin_fecha: {state: cumple}"),
    ("resultados", "state: hallazgo", "state: no_aplica"),
    ("tabla", "      polizas: |", "      clientes: |"),
    ("renglones", "poliza_id | contabilidad_id | fecha_operacion |", "poliza_id | sueldo          | fecha_operacion |"),
    ("renglones", "1         | 7               | 2019-12-31      |", "1         | siete           | 2019-12-31      |"),
    ("renglones", "1         | 7               | 2019-12-31      |", "1         | 7               | 31/12/2019      |"),
    ("renglones", "| 2020-01-03     | 50000  |\n", "| 2020-01-03     | 50000\n"),
    ("esperado", "poliza_id | resultado         | monto", "poliza_id | resultado         | importe"),
    ("esperado", "3         | en_tiempo         |", "3         | tarde             |"),
    ("monto_sin_caso", "resultado         | monto", "resultado         | dias"),
    ("yaml", "severity: sustantiva", "severity: sustantiva\nseverity: grave"),
    ("yaml", "severity: sustantiva", "severity: &a sustantiva\nmoney: *a"),
    ("yaml", "severity: sustantiva", "severity: !!python/object/apply:os.system [ls]"),
    ("yaml", "severity: sustantiva", "severity: [sin cerrar"),
    ("largo", "doubts:", "\n" * 120 + "doubts:"),
]


@pytest.mark.parametrize(("code", "old", "new"), REFUSED)
def test_it_refuses(rule_file: Writer, code: str, old: str, new: str) -> None:
    with pytest.raises(Refused) as refused:
        read_rule(rule_file((old, new)), "mx")
    assert code in {problem.codigo for problem in refused.value.problems}, refused.value
    assert all(problem.mensaje and problem.cura for problem in refused.value.problems)


def test_it_tells_every_problem_at_once(rule_file: Writer) -> None:
    with pytest.raises(Refused) as refused:
        read_rule(
            rule_file(("severity: sustantiva", "severity: terrible"), ("reach: contabilidad", "reach: mundial")), "mx"
        )
    assert len(refused.value.problems) == 2
    assert all("EX001.yaml" in problem.donde for problem in refused.value.problems)


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"- 1\n- 2\n", b"id: EX001\n", b"[" * 5000])
def test_what_is_no_rule_at_all_is_refused_too(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "EX001.yaml"
    path.write_bytes(data)
    with pytest.raises(Refused):
        read_rule(path, "mx")


def test_messages_speak_of_money_and_days_as_people_do(rule_file: Writer) -> None:
    rule = read_rule(rule_file(), "mx")
    row = {"referencia": "PN1/DR-2", "monto": 123456, "dias": 4, "fecha_operacion": date(2024, 5, 1)}
    assert (
        rule.say("extemporanea", row) == "La póliza PN1/DR-2, de $1,234.56, se registró 4 días después del 01/05/2024."
    )
    row |= {"referencia": None, "monto": -3251151}
    assert rule.say("extemporanea", row).startswith("La póliza sin dato, de −$32,511.51, se registró")
