"""Hold the rows of a year of ordinary books while it is invented: pólizas with their support, and gifts."""

import hashlib
from dataclasses import dataclass, field
from datetime import date

SPENDING, GIVEN, GIVEN_IN_KIND, BANK = "5-1-06-00-0000", "4-2-02-01-0000", "4-2-02-02-0000", "1-1-02-00-0000"
SPECIFIC, WOMEN, RAISED, YIELDS = "5-1-50-00-0000", "5-1-51-00-0000", "4-3-01-01-0000", "4-4-01-01-0000"
INVOICED = frozenset({SPENDING, SPECIFIC, WOMEN})
SUPPORT = {GIVEN: ("recibo_aportacion",), GIVEN_IN_KIND: ("recibo_aportacion", "contrato", "xml", "pdf")}

Key = tuple[str, str, int, int, str]
Sound = tuple[str, str, int, str]


@dataclass(slots=True)
class Year:
    """Rows of a year to be: by published table, and beside them its key and its look-alikes."""

    semilla: int
    cut: date
    limits: dict[str, int]
    rows: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    key: list[Key] = field(default_factory=list)
    sound: list[Sound] = field(default_factory=list)
    numbers: dict[tuple[int, str], int] = field(default_factory=dict)
    polizas: int = 0
    gifts: int = 0

    def add(self, table: str, **row: object) -> None:
        """Append a row of a published table."""
        self.rows.setdefault(table, []).append(row)

    def judge(self, rule: str, key: str, books: int, fault: int | None, kind: str) -> None:
        """Write down what a rule must say of a row: a fault of that many centavos, or None for a look-alike."""
        if fault is None:
            self.sound.append((rule, key, books, kind))
        else:
            self.key.append((rule, key, books, fault, kind))

    def post(self, books: int, day: date, account: str, amount: int, undoes: int | None = None, lacks: str = "") -> int:
        """Post a póliza of two lines, against the bank unless given in kind; a reversal when it `undoes` another.

        lacks: the kind of document that is missing of what supports it.
        """
        self.polizas += 1
        number, subtipo = self.polizas, "EG" if account in INVOICED else "IG"
        self.numbers[books, subtipo] = self.numbers.get((books, subtipo), 0) + 1
        self.add(
            "polizas",
            poliza_id=number,
            contabilidad_id=books,
            periodo_id=books,
            tipo="normal",
            subtipo=subtipo,
            numero=self.numbers[books, subtipo],
            referencia=f"PN1/{subtipo}-{self.numbers[books, subtipo]}",
            clase="ordinaria",
            fecha_operacion=day,
            fecha_registro=day,
            revierte_a=undoes,
            total=amount,
        )
        other = SPENDING if account == GIVEN_IN_KIND else BANK
        for place, (code, debit) in enumerate(((account, subtipo == "EG"), (other, subtipo == "IG"))):
            self.add(
                "movimientos",
                movimiento_id=number * 8 + place,
                poliza_id=number,
                contabilidad_id=books,
                cuenta=code,
                fecha_operacion=day,
                cargo=amount if debit else 0,
                abono=0 if debit else amount,
                auxiliar_tipo="cuenta_bancaria" if code == BANK else None,
                auxiliar_id=books if code == BANK else None,
            )
        if undoes is None:
            kinds = SUPPORT.get(account, ("xml", "pdf") if subtipo == "EG" else ("estado_cuenta",))
            for place, kind in enumerate(each for each in kinds if each != lacks):
                self.add(
                    "evidencias",
                    evidencia_id=number * 8 + place,
                    poliza_id=number,
                    contabilidad_id=books,
                    clase=kind,
                    estado="activa",
                    sha256=self.digest(f"{number}/{kind}"),
                    cargada_el=day,
                )
        return number

    def spend(self, books: int, day: date, account: str, amount: int, **how: object) -> int:
        """Post an expense paid and invoiced whole; `how`: supplier and its RFC, invoiced amount, means of payment."""
        number, cash = self.post(books, day, account, amount), how.get("medio") == "efectivo"
        invoiced, told = how.get("invoiced", amount), self.digest(str(number)).upper()
        self.add(
            "cfdi",
            cfdi_id=number,
            uuid="-".join((told[:8], told[8:12], told[12:16], told[16:20], told[20:32])),
            emisor_rfc=how.get("emisor", "SOR000101AB1"),
            receptor_rfc=party_rfc(books),
            fecha=day,
            tipo="I",
            total=invoiced,
            moneda="MXN",
            forma_pago="01" if cash else "03",
            estatus_sat="vigente",
            estatus_el=self.cut,
            tiene_xml=True,
            tiene_pdf=True,
            sello_valido=True,
            tiene_ine=True,
        )
        self.add("cfdi_ine", cfdi_id=number, linea=1, tipo_proceso="Ordinario")
        self.used(books, number, number, invoiced)
        self.add(
            "pagos",
            pago_id=number,
            poliza_id=number,
            contabilidad_id=books,
            proveedor_id=how.get("proveedor", 1),
            cuenta_bancaria_id=None if cash else books,
            medio="efectivo" if cash else "transferencia",
            fecha=day,
            monto=amount,
        )
        return number

    def spent(self, books: int) -> int:
        """Return what the expense accounts of some books add up to, in centavos, net of reversals."""
        rows = (row for row in self.rows["movimientos"] if row["contabilidad_id"] == books)
        lines = [(int(str(row["cargo"])), int(str(row["abono"]))) for row in rows if str(row["cuenta"])[0] == "5"]
        return sum(debit - credit for debit, credit in lines)

    def used(self, books: int, invoice: int, poliza: int, amount: object) -> None:
        """Use an invoice in a póliza."""
        self.add("cfdi_poliza", cfdi_id=invoice, poliza_id=poliza, contabilidad_id=books, sujeto_id=books, monto=amount)

    def give(
        self,
        books: int,
        day: date,
        amount: int,
        calidad: str = "simpatizante",
        medio: str = "transferencia",
        lacks: str = "",
    ) -> tuple[int, int]:
        """Post a gift of a person who gives nothing else; returns its number and that of its póliza."""
        self.gifts += 1
        number = self.gifts
        poliza = self.post(books, day, GIVEN_IN_KIND if medio == "especie" else GIVEN, amount, lacks=lacks)
        letters = "".join(chr(65 + number // 26**place % 26) for place in (2, 1, 0))
        rfc = f"S{letters}8001{1 + number % 28:02d}A01"
        self.add(
            "aportantes",
            aportante_id=number,
            nombre=f"Simpatizante Simulada {letters}",
            rfc=rfc,
            tipo_persona="fisica",
        )
        self.add(
            "aportaciones",
            aportacion_id=number,
            poliza_id=poliza,
            contabilidad_id=books,
            sujeto_id=books,
            aportante_id=number,
            calidad=calidad,
            medio=medio,
            fecha=day,
            anio=day.year,
            folio=str(number),
            monto=amount,
        )
        if calidad == "militante":
            self.add(
                "militantes",
                militante_id=number,
                sujeto_id=books,
                rfc=rfc,
                desde=date(2020, 1, 1),
                hasta=date(9999, 12, 31),
            )
        return number, poliza

    def digest(self, what: str) -> str:
        """Return the digest that stands for a file of this year."""
        return hashlib.sha256(f"{self.semilla}/{what}".encode()).hexdigest()


def party_rfc(number: int) -> str:
    """Return the RFC of an invented party."""
    return f"P{chr(65 + number // 26 % 26)}{chr(65 + number % 26)}000101{number % 1000:03d}"
