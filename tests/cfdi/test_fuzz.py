"""Whatever is done to the bytes of an invoice or of a ZIP, the answer is a Lectura."""

import io
import json
import zipfile

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from public_data import public
from sif.cfdi import Lectura, read, read_archive

SETTINGS = settings(
    max_examples=600,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
PIECES = (
    *(
        b"",
        b"\x00",
        b"<",
        b">",
        b'"',
        b"&",
        b"&x;",
        b"<!DOCTYPE a>",
        b"]]>",
        b"\xff\xfe",
        b"\xf1",
        b"<!--",
        b"PK\x03\x04",
    ),
    *(b"NaN", b"1e999", b"-", b"4.0", b"3.2", b"9" * 25, b"\xf0\x9d\x9f\x99", b"<?xml encoding='UTF-16'?>"),
)
SPLICES = st.sampled_from(PIECES) | st.binary(max_size=12)
CHANGES = st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 60), SPLICES), min_size=1, max_size=6)


def mutate(data: bytes, changes) -> bytes:
    for place, length, splice in changes:
        at = place % (len(data) + 1)
        data = data[:at] + splice + data[at + length :]
    return data


def is_a_line(lectura) -> bool:
    return isinstance(lectura, Lectura) and bool(json.dumps(lectura.as_dict()).encode())


@SETTINGS
@given(changes=CHANGES)
def test_a_mutated_invoice_is_still_answered(xml, mint, changes):
    lectura = read(mutate(xml, changes), "x.xml", mint.trust)
    assert is_a_line(lectura)
    assert lectura.cfdi is not None or lectura.problemas


@SETTINGS
@given(data=st.data())
def test_a_mutated_real_invoice_is_still_answered(data):
    files = sorted(public("cfdi").rglob("*.xml"))
    original = data.draw(st.sampled_from(files)).read_bytes()
    assert is_a_line(read(mutate(original, data.draw(CHANGES)), "x.xml"))


@SETTINGS
@given(changes=CHANGES)
def test_a_mutated_zip_is_still_answered(xml, mint, changes):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", xml)
        archive.writestr("b/b.xml", xml[:900])
    found = list(read_archive(mutate(target.getvalue(), changes), "lote.zip", mint.trust))
    assert found and all(is_a_line(lectura) for lectura in found)


@SETTINGS
@given(data=st.binary(max_size=400))
def test_any_bytes_are_answered(data):
    assert is_a_line(read(data)) and read(data).problemas
