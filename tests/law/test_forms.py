"""Every report that the law asks has a form, whole and cited; a form that says what cannot be is refused."""

from pathlib import Path

import pytest

from sif.law import sources
from sif.law.chart import load_chart
from sif.law.duties import load_duties
from sif.law.forms import Balances, fill_form, load_form, report_form
from sif.law.sources import LawDataError

KINDS = ("IC", "IT", "IA", "IA-APN", "IPR", "IAC", "IOE", "IM")
GOOD = """nombre: Informe
base: LGPP 78.1
estatus: por confirmar
informe:
  columnas: una
  ingresos: I
  egresos: G
  saldo: S
  secciones: [{titulo: Todo, raices: [I, G, S, P]}]
lineas:
  - {linea: I, titulo: Ingresos, cuentas: [4-1-01-], base: LGPP 51.1}
  - {linea: G, titulo: Egresos, signo: -1, cuentas: [5-1-], base: LGPP 72.1}
  - {linea: S, titulo: Saldo, suma_de: [I, G], base: LGPP 78.1}
  - {linea: P, titulo: Parte, parte_de: I, parametro: liderazgo_mujeres_pb, base: LGPP 51.1.a.V}
"""


@pytest.fixture
def jurisdiction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A jurisdiction with the law of this one and forms of the test's own."""
    home = tmp_path / tmp_path.name
    (home / "forms").mkdir(parents=True)
    (home / "law").symlink_to(sources.JURISDICTIONS / "mx" / "law")
    monkeypatch.setattr(sources, "JURISDICTIONS", tmp_path)
    return home


def written(home: Path, text: str) -> str:
    (home / "forms" / "x.yaml").write_text(text, encoding="utf-8")
    return home.name


def test_every_report_that_books_owe_has_its_form() -> None:
    asked = {clave for clave, duty in load_duties("mx").items() if duty.clase == "informe" and duty.libros}
    assert asked == set(KINDS)
    for clave in asked:
        form, kind = report_form(clave, "mx")
        assert all(line.base for line in form)
        assert {kind.ingresos, kind.egresos, kind.saldo} <= {line.linea for line in form}
    assert load_form("esf", "mx").informe is None
    with pytest.raises(LawDataError, match="no es un informe"):
        report_form("ESF", "mx")


def test_each_variant_of_a_report_has_a_form_told_by_its_basis_whose_lines_keep_their_numbers() -> None:
    varied = {clave: duty.variantes for clave, duty in load_duties("mx").items() if duty.variantes}
    assert varied == {
        "IC": {"coalicion": "IC-COA", "comun": "IC-CC", "independiente": "IC-CI", "aspirante": "IC-CI"},
    }
    general, kind = report_form("IC", "mx")
    own = {clave: report_form(clave, "mx") for clave in varied["IC"].values()}
    assert len({form.base for form, _kind in own.values()} | {general.base}) == len(own) + 1
    titles = {line.linea: line.titulo for line in general}
    for form, its in own.values():
        assert {line.linea for line in form} <= set(titles)
        assert (its.columnas, its.ingresos, its.egresos, its.saldo, its.tope) == (
            *(kind.columnas, kind.ingresos, kind.egresos, kind.saldo),
            kind.tope,
        )


@pytest.mark.parametrize(
    ("tipo", "left_out"),
    [
        ("IC", {"5-1", "5-2", "5-3"}),
        ("IT", {"4-2-03", "4-2-04", "5-2", "5-3", "5-5"}),
        ("IA", {"4-2-03", "4-2-04", "5-2", "5-3", "5-5"}),
        ("IC-CI", {"4-1-01", "4-1-03", "4-2-01", "4-3", "4-5", "5-1", "5-2", "5-3", "5-4", "5-5-11"}),
        ("IC-COA", {"5-1", "5-2", "5-3"}),
        ("IC-CC", {"5-1", "5-2", "5-3"}),
        ("IPR", {"4-1", "4-2-04", "5-1", "5-3", "5-5"}),
        ("IAC", {"4-1", "4-2-01", "4-3", "4-5", "5-1", "5-2", "5-4", "5-5"}),
        ("IA-APN", {*["4-1", "4-2-03", "4-2-04", "4-5", "5-1-14", "5-1-51", "5-1-52", "5-2", "5-3", "5-4", "5-5"]}),
        (
            "IM",
            {*["4-1", "4-2-03", "4-2-04", "4-5", "5-1-11", "5-1-14", "5-1-51", "5-1-52", "5-2", "5-3", "5-4", "5-5"]},
        ),
        (
            "IOE",
            {
                *[
                    "4-1",
                    "4-2-01",
                    "4-2-03",
                    "4-2-04",
                    "4-5",
                    "5-1-11",
                    "5-1-12",
                    "5-1-14",
                    "5-1-16",
                    "5-1-17",
                    "5-1-50",
                    "5-1-51",
                    "5-1-52",
                ],
                *["5-2", "5-3", "5-4", "5-5"],
            },
        ),
    ],
)
def test_income_and_spending_that_a_form_leaves_out_are_those_meant(tipo: str, left_out: set[str]) -> None:
    form, _kind = report_form(tipo, "mx")
    found = {
        account.codigo
        for account in load_chart("mx").values()
        if account.capturable and account.codigo[0] in "45" and not any(line.takes(account.codigo) for line in form)
    }
    meant = {code for code in found if code.startswith(tuple(f"{each}-" for each in left_out))}
    assert found == meant
    assert all(any(code.startswith(f"{each}-") for code in found) for each in left_out)


@pytest.mark.parametrize(
    ("key", "classes", "what"),
    [("esf", "12345", "suma de saldos"), ("ea", "45", "ingresos y gastos"), ("efe", "12345", "contrapartidas")],
)
def test_each_account_stands_in_one_line_of_a_statement(key: str, classes: str, what: str) -> None:
    cash = ("1-1-01-", "1-1-02-") if key == "efe" else ()
    for account in load_chart("mx").values():
        if account.capturable and account.codigo[0] in classes and not (cash and account.codigo.startswith(cash)):
            lines = [line.linea for line in load_form(key, "mx") if line.takes(account.codigo)]
            assert len(lines) == 1, (what, account.codigo, lines)


def test_what_is_worn_or_lost_has_a_line_outside_what_is_paid() -> None:
    for tipo in ("IT", "IA", "IA-APN", "IM"):
        form, kind = report_form(tipo, "mx")
        balances = {"5-1-12-00-0000": 700, "5-1-16-00-0000": 50, "5-1-13-01-0000": 3}
        parts = dict.fromkeys((line.parametro for line in form if line.parametro), 0)
        amounts = fill_form(form, Balances(balances, partes=parts))
        assert (amounts["N.1"], amounts["N.2"], amounts["N"]) == (700, 50, 750)
        assert (amounts[kind.egresos], amounts[kind.saldo]) == (3, -3)


def test_a_good_form_is_filled_by_what_each_line_reads(jurisdiction: Path) -> None:
    form, kind = report_form("X", written(jurisdiction, GOOD))
    balances = Balances({"4-1-01-01-0000": 99_999, "5-1-01-00-0000": 1}, partes={"liderazgo_mujeres_pb": 300})
    assert fill_form(form, balances) == {"I": 99_999, "G": 1, "S": 99_998, "P": 2_999}
    assert (kind.columnas, kind.secciones[0].lineas) == (1, ("I", "G", "S", "P"))


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        (", base: LGPP 72.1}", "}", r"cita su base, y no la dicen \['G'\]"),
        ("[5-1-]", "[5-8-]", r"el catálogo no tiene cuentas que empiecen con \['5-8-'\]"),
        ("[5-1-]", "[4-1-01-01-]", "suman las mismas cuentas"),
        ("liderazgo_mujeres_pb", "otra_pb", "no hay parámetro «otra_pb»"),
        ("[I, G, S, P]", "[I, G, S]", r"cada línea está en una sección y una vez; revise \['P'\]"),
        ("columnas: una", "columnas: dos", "las columnas son 'dos'"),
        ("saldo: S", "saldo: R", r"no están las líneas \['R'\]"),
        ("cuentas: [5-1-]", "cuentas: [5-1-], de: antes", "«de» es 'antes'"),
        ("suma_de: [I, G]", "suma_de: [I, Z]", r"no están antes que ella: \['Z'\]"),
        ("parte_de: I, ", "parte_de: I, cuentas: [4-3-], ", "suma cuentas, suma líneas o es parte de una"),
        (", parametro: liderazgo_mujeres_pb", "", "una parte dice de qué línea"),
        ("signo: -1", "signo: 2", "con signo 1 o -1"),
        ("linea: G,", "linea: I,", "la línea I está repetida"),
        ("estatus: por confirmar", "estatus: seguro", "debe ser «confirmado» o «por confirmar»"),
    ],
)
def test_a_form_that_says_what_cannot_be_is_refused(jurisdiction: Path, was: str, now: str, said: str) -> None:
    assert was in GOOD
    with pytest.raises(LawDataError, match=said):
        load_form("x", written(jurisdiction, GOOD.replace(was, now, 1)))


def test_a_form_like_another_has_its_lines_and_its_own_columns(jurisdiction: Path) -> None:
    (jurisdiction / "forms" / "y.yaml").write_text(
        "como: x\nnombre: Otro\nbase: LGPP 78.2\nestatus: por confirmar\ncolumnas: tres\n", encoding="utf-8"
    )
    name = written(jurisdiction, GOOD)
    form, kind = report_form("Y", name)
    assert (form.nombre, form.base, kind.columnas) == ("Otro", "LGPP 78.2", 3)
    assert form.lineas == load_form("x", name).lineas
