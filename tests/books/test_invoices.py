"""Invoices are read in a confined process as they are in this one, each ZIP or bundle in one."""

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from books.invoices import SPAN
from cfdi.test_attacks import ATTACKS
from public_data import public
from sif.books import invoices
from sif.books.invoices import read_invoices
from sif.cfdi import Lectura, read_files
from sif.cfdi.write import Sealer
from sif.sandbox.client import Client, Opened
from sif.sandbox.opening import Outcome
from sif.signing.minting import MintedAuthority, mint_authority, mint_csd


@pytest.fixture(scope="module")
def authority() -> MintedAuthority:
    return mint_authority()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The openings that reach the file server."""
    seen: list[str] = []
    exchange = Client._exchange

    def noted(self: Client, op: str, *rest: Any, **more: Any) -> Any:
        seen.append(op)
        return exchange(self, op, *rest, **more)

    monkeypatch.setattr(Client, "_exchange", noted)
    return seen


def packed(files: Sequence[tuple[str, bytes]]) -> bytes:
    """A ZIP of files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return stream.getvalue()


def same(found: list[Lectura], expected: list[Lectura]) -> None:
    """Compare readings, their bytes among them."""
    assert [each.archivo for each in found] == [each.archivo for each in expected]
    for one, other in zip(found, expected, strict=True):
        assert one == other
        assert one.datos == (other.datos if other.cfdi else b"")


def test_real_invoices_are_read_as_in_this_process(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    paths = sorted(public("cfdi").rglob("*.xml"))
    files = [(path.name, path.read_bytes()) for path in paths][:200]
    same(list(read_invoices(files)), list(read_files(files)))
    assert len(asked) == 1
    with monkeypatch.context() as smaller:
        smaller.setattr(invoices, "BUNDLE", 7)
        smaller.setattr(invoices, "BUNDLE_BYTES", 200_000)
        same(list(read_invoices(files)), list(read_files(files)))
    assert len(asked) >= 1 + len(files) // 7
    several = [("todo.zip", packed(files)), ("otro.zip", packed([("dentro.zip", packed(files[:3])), ("x.xml", b"")]))]
    same(list(read_invoices(several)), list(read_files(several)))


def test_hostile_invoices_are_read_as_in_this_process() -> None:
    files = [(f"{number}.xml", data) for number, (_name, data, _code) in enumerate(ATTACKS) if len(data) < 5_000_000]
    files = [each for each in files if not each[1].startswith(b"PK")]
    same(list(read_invoices(files)), list(read_files(files)))
    broken = [("a.zip", packed(files)[:-40]), ("b.zip", b"PK\x03\x04" + bytes(50)), ("c.xml", b"")]
    same(list(read_invoices(broken)), list(read_files(broken)))


def test_a_zip_of_five_hundred_is_opened_by_one_process(asked: list[str]) -> None:
    answers = list(read_invoices([("todo.zip", packed([(f"{n}.xml", b"<a/>") for n in range(500)]))]))
    assert len(answers) == 500
    assert asked == ["cfdi"]


@pytest.fixture
def bounded(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The names of the files of each opening; one called pesado passes a limit, one called lento finds no server."""
    exchange = Client._exchange
    opened: list[list[str]] = []

    def limited(self: Client, op: str, file: int, args: Any, *rest: Any, **more: Any) -> Opened:
        opened.append([name for name, _size in args["archivos"]])
        for start, reason in (("pesado", "memoria"), ("lento", "servidor")):
            if any(name.startswith(start) for name in opened[-1]):
                return Opened(io.BytesIO(b'{"a'), Outcome(reason, 1.0, 500_000))
        return exchange(self, op, file, args, *rest, **more)

    monkeypatch.setattr(Client, "_exchange", limited)
    return opened


def heavy(name: str) -> tuple[str, bytes]:
    """A file of bytes never seen before: the verdict of another would be kept."""
    return name, f"<p>{uuid4()}</p>".encode()


def codes(files: list[tuple[str, bytes]]) -> list[str]:
    """The first problem of each file, in its order."""
    answers = list(read_invoices(files))
    assert [each.archivo for each in answers] == [name for name, _data in files]
    return [each.problemas[0].codigo for each in answers]


def test_one_that_passes_a_limit_stops_none_of_the_others(bounded: list[list[str]]) -> None:
    files = [("a.xml", b"<a/>"), heavy("pesado.xml"), ("b.xml", b"<b/>")]
    assert codes(files) == ["no_es_cfdi", "apertura_memoria", "no_es_cfdi"]
    assert bounded == [["a.xml", "pesado.xml", "b.xml"], ["a.xml"], ["pesado.xml"], ["b.xml"]]
    assert codes(files) == ["no_es_cfdi", "apertura_memoria", "no_es_cfdi"]
    assert bounded[4:] == [["a.xml"], ["b.xml"]]  # neither the bundle nor the heavy one reached the server again


def test_after_three_that_pass_a_limit_the_rest_is_refused_with_them(bounded: list[list[str]]) -> None:
    files = [*(heavy(f"pesado{number}.xml") for number in range(20)), ("b.xml", b"<b/>")]
    assert set(codes(files)) == {"apertura_memoria"}
    assert len(bounded) == 1 + invoices.MOST_GUILTY


def test_a_server_that_ended_is_not_asked_for_each(bounded: list[list[str]]) -> None:
    assert codes([("a.xml", b"<a/>"), heavy("lento.xml")]) == ["apertura_servidor"] * 2
    assert len(bounded) == 1


def test_the_authorities_of_the_installation_are_believed(
    authority: MintedAuthority, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cfdi.conftest import FACTURA
    from sif.cfdi.write import build_cfdi

    issuer = Sealer.open(*mint_csd(authority, "IPU0101019A8", "", "IMPRENTA PÚBLICA", *SPAN))
    pac = Sealer.open(*mint_csd(authority, "PAC0101019A1", "", "PROVEEDOR DE TIMBRES", *SPAN))
    data = build_cfdi(FACTURA, issuer, pac)
    codes = [each.codigo for each in next(read_invoices([("a.xml", data)])).problemas]
    monkeypatch.setattr(invoices, "_authorities", lambda _folder: (authority.authority.der,))
    [known] = read_invoices([("a.xml", data)])
    assert "emisor_desconocido" in codes and "emisor_desconocido" not in [each.codigo for each in known.problemas]
    assert known.sello == "valido" and known.cfdi is not None
    assert known.cfdi.xml_sha256 == hashlib.sha256(data).hexdigest()
    assert known == replace(known, datos=data)


def test_the_digest_that_a_process_says_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    values = Opened.values

    def lying(self: Opened, kind: Any) -> Any:
        for each in values(self, kind):
            yield replace(each, cfdi=replace(each.cfdi, xml_sha256="0" * 64)) if each.cfdi else each

    path = next(iter(sorted(public("cfdi").rglob("*.xml"))))
    honest = list(read_invoices([(path.name, path.read_bytes())]))
    monkeypatch.setattr(Opened, "values", lying)
    assert list(read_invoices([(path.name, path.read_bytes())])) == honest
