"""Measures invoices, in memory and into the inbox; prints JSON: `python benchmarks/cfdi.py` (about a minute)."""

import json
import statistics
import sys
import tempfile
import time
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import campaign as campaigns

RUNS = 5
INVOICES, DROPPED = 600, 2_000
TIMBRE = "http://www.sat.gob.mx/TimbreFiscalDigital"
Measures = dict[str, float]


def rate(units: int, work: Callable[[], Any]) -> float:
    """Units of work of one run a second of processor: what one core gives, whoever else uses the machine."""
    began = time.process_time()
    work()
    return units / (time.process_time() - began)


def paired(pairs: int, units: int, ours: Callable[[], Any], theirs: Callable[[], Any]) -> tuple[float, float, float]:
    """Medians of both and of their quotient, one run of each after the other so that both meet the same machine."""
    ours(), theirs()  # what each loads once is not counted
    rows = [(rate(units, ours), rate(units, theirs)) for _ in range(pairs)]
    own, other = zip(*rows, strict=True)
    return statistics.median(own), statistics.median(other), statistics.median(a / b for a, b in rows)


class Mint:
    """Seals and invoices of one invented issuer."""

    def __init__(self, receptor: str, books: tuple[int, ...], day: date, rfc: str = "IPU0101019A8") -> None:
        from sif.cfdi.document import ComplementoIne, EntidadIne
        from sif.cfdi.write import Sealer
        from sif.signing.minting import mint_authority, mint_csd

        self.authority = mint_authority()
        span = (date(2023, 1, 1), date(2035, 1, 1))
        seal = mint_csd(self.authority, rfc, "", "IMPRENTA PUBLICA SA DE CV", *span)
        self.seal = Sealer.open(*seal)
        self.pac = Sealer.open(*mint_csd(self.authority, "SPC190101AB1", "", "Proveedor de timbres", *span))
        self.rfc, self.receptor, self.day = rfc, receptor, day
        self.ine = ComplementoIne("1.1", "Campaña", "", None, (EntidadIne("MEX", "Local", books),))

    def invoice(self, number: int) -> bytes:
        """A sealed and stamped invoice of two lines."""
        from sif.cfdi.write import Contribuyente, Factura, Linea, build_cfdi
        from sif.values import Money

        return build_cfdi(
            Factura(
                uuid=f"AAAAAAAA-0000-4000-8000-{number:012X}",
                serie="A",
                folio=str(number),
                fecha=datetime.combine(self.day, datetime.min.time(), UTC) + timedelta(hours=18),
                emisor=Contribuyente(self.rfc, "IMPRENTA PUBLICA SA DE CV"),
                receptor=Contribuyente(self.receptor, "Partido de la medición", "603"),
                lineas=(
                    Linea("Volantes a color", 1000, Money(1_000_00 + number), "82101505"),
                    Linea("Playera estampada", 3000, Money(50_00), "53101800"),
                ),
                ine=self.ine,
                forma_pago="99",
                metodo_pago="PPD",
            ),
            self.seal,
            self.pac,
        )


def in_memory() -> Measures:
    """Read and verified a second by one core, beside the library most used for it, doing the same checks."""
    from satcfdi.models.certificate_store import CertificateStore

    from sif.cfdi import read_files, trust

    made = Mint("PAM140101AB1", (41201,), date(2026, 4, 10))
    files = [(f"{number}.xml", made.invoice(number)) for number in range(INVOICES)]
    believed = trust([made.authority.authority], [made.pac.certificate])
    store = CertificateStore([_x509(made.authority.cer)])

    def ours() -> None:
        for reading in read_files(files, believed):
            if reading.sello != "valido" or reading.timbre_sello != "valido" or reading.problemas:
                raise AssertionError(f"no se verificó: {reading.problemas}")

    peer = _Peer(made, store)

    def theirs() -> None:
        for _name, data in files:
            peer.check(data)

    own, other, times = paired(RUNS, INVOICES, ours, theirs)
    return {
        "cfdi_comprobados_por_s": own,
        "cfdi_comprobados_python_satcfdi_por_s": other,
        "cfdi_comprobados_veces_python_satcfdi": times,
    }


def _x509(data: bytes) -> Any:
    from cryptography.x509 import load_der_x509_certificate

    return load_der_x509_certificate(data)


class _Peer:
    """The same checks by python-satcfdi: its parse, the schemas it ships with SAT's catalogues, cadena, seals, dates.

    Its own validation compiles the schemas again for each invoice; here they are compiled once, in its favour.
    """

    def __init__(self, made: Mint, store: Any) -> None:
        from lxml import etree
        from satcfdi import transform

        place = "http://www.sat.gob.mx/sitio_internet/cfd"
        names = (
            f"{place}/4/cfdv40.xsd",
            f"{place}/ine/ine11.xsd",
            f"{place}/TimbreFiscalDigital/TimbreFiscalDigitalv11.xsd",
        )
        spaces = ("http://www.sat.gob.mx/cfd/4", "http://www.sat.gob.mx/ine", TIMBRE)
        root = Path(transform.SCHEMA_ROOT)
        imports = "".join(
            f'<xs:import namespace="{space}" schemaLocation="{root / name.removeprefix("http://")}"/>'
            for space, name in zip(spaces, names, strict=True)
        )
        whole = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>'
        self.parser = transform.parser
        self.schema = etree.XMLSchema(etree.fromstring(whole, base_url=str(root / "schema.xsd"), parser=self.parser))
        self.store, self.pac, self.xslt = store, made.pac.base64, transform.xslt_transform

    def check(self, data: bytes) -> None:
        """Raise AssertionError where any check fails."""
        from lxml import etree
        from satcfdi.cfdi import CFDI

        tree = etree.fromstring(data, parser=self.parser)
        if not self.schema.validate(tree):
            raise AssertionError(self.schema.error_log)
        cfdi = CFDI.from_xml(tree)
        if cfdi["Complemento"]["INE"]["TipoProceso"] != "Campaña":
            raise AssertionError("complemento")
        self._sealed(cfdi.cadena_original(), cfdi["Sello"], cfdi["Certificado"])
        stamp = tree.find(f".//{{{TIMBRE}}}TimbreFiscalDigital")
        cadena = str(self.xslt(f"{{{TIMBRE}}}TimbreFiscalDigital", "1.1")(stamp))
        self._sealed(cadena, stamp.get("SelloSAT"), self.pac)

    def _sealed(self, cadena: str, seal: str, certificate: str) -> None:
        from satcfdi.models import Certificate

        read = Certificate.load_certificate(b64decode(certificate))
        if not read.verify_sha256(cadena.encode(), b64decode(seal)):
            raise AssertionError("sello")
        moment = datetime(2026, 4, 10, 18, tzinfo=UTC)
        if not self.store.verify_certificate(read.certificate.to_cryptography(), at=moment):
            raise AssertionError("certificado")


def inbox(folder: Path) -> Measures:
    """From a ZIP dropped to checked rows with their proposals, in the database; then the same ZIP again."""
    import io
    import zipfile

    campaigns.connect(folder)
    from sif.books.checks import checks_of
    from sif.books.selectors import inbox as waiting
    from sif.books.services import accept_many, propose_many, receive_many
    from sif.registry import clock
    from sif.registry.scope import WHOEVER_SIGNS, everything

    with everything(WHOEVER_SIGNS):
        made = campaigns.make_campaign()
        books, by = made.libros[0], made.alicia
        mint = Mint(made.partido.rfc, (books.pk,), max(made.first_day, clock.today() - timedelta(days=1)))
        certificates = folder / "certificados"
        certificates.mkdir(exist_ok=True)
        (certificates / "autoridad.cer").write_bytes(mint.authority.cer)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(DROPPED):
                archive.writestr(f"{number}.xml", mint.invoice(number))
        began = time.perf_counter()
        answers = receive_many([("abril.zip", packed.getvalue())], books, by)
        received = time.perf_counter()
        rows = list(waiting([books.pk]))
        checked, proposals = checks_of(rows), propose_many(rows)
        ended = time.perf_counter()
        if any(answer.problemas for answer in answers) or len(rows) != DROPPED or len(checked) != DROPPED:
            raise AssertionError(f"{len(rows)} en la bandeja: {answers[0].problemas}")
        again = time.perf_counter()
        receive_many([("abril.zip", packed.getvalue())], books, by)
        repeated = time.perf_counter()
        accept_many(rows, by)
        accepted = time.perf_counter()
    if not all(proposal.poliza.is_balanced for proposal in proposals):
        raise AssertionError("una propuesta no cuadra")
    return {
        "cfdi_recibidos_por_s": DROPPED / (received - began),
        "cfdi_bandeja_por_s": DROPPED / (ended - began),
        "cfdi_repetidos_por_s": DROPPED / (repeated - again),
        "cfdi_aceptados_por_s": DROPPED / (accepted - repeated),
    }


def main() -> int:
    """Measure both and print them."""
    measures = in_memory()
    with tempfile.TemporaryDirectory() as folder:
        measures |= inbox(Path(folder))
    print(json.dumps(measures))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
