"""Write a statement in each format that is read, for the demonstration, tests and benchmarks."""

import csv
import io
from datetime import date, timedelta
from xml.sax.saxutils import escape

from sif.banks.statement import Statement, StatementLine
from sif.values import Money

CSV_HEAD = ("Fecha", "Concepto", "Referencia", "Retiros", "Depósitos", "Saldo")
_OFX1 = (
    "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nSECURITY:NONE\r\nENCODING:USASCII\r\nCHARSET:1252\r\n"
    "COMPRESSION:NONE\r\nOLDFILEUID:NONE\r\nNEWFILEUID:NONE\r\n\r\n"
)
_OFX2 = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    '<?OFX OFXHEADER="200" VERSION="211" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n'
)


def write_ofx(statement: Statement, version: int = 1) -> bytes:
    """OFX 1.x (SGML, leaves without closing, Windows-1252) or 2.x (XML, UTF-8)."""

    def leaf(name: str, value: str) -> str:
        return f"<{name}>{escape(value)}" + (f"</{name}>" if version == 2 else "") + "\n" if value else ""

    body = "".join(
        "<STMTTRN>\n"
        + leaf("TRNTYPE", "CREDIT" if line.monto.centavos >= 0 else "DEBIT")
        + leaf("DTPOSTED", f"{line.fecha:%Y%m%d}120000[-6:CST]")
        + leaf("TRNAMT", line.monto.plain())
        + leaf("FITID", line.id_banco)
        + leaf("REFNUM", line.referencia)
        + leaf("NAME", line.descripcion)
        + "</STMTTRN>\n"
        for line in statement.lines
    )
    last = f"{statement.hasta:%Y%m%d}"
    text = (
        "<OFX>\n<SIGNONMSGSRSV1><SONRS><STATUS>\n"
        + leaf("CODE", "0")
        + leaf("SEVERITY", "INFO")
        + "</STATUS>\n"
        + leaf("DTSERVER", last)
        + leaf("LANGUAGE", "SPA")
        + "</SONRS></SIGNONMSGSRSV1>\n<BANKMSGSRSV1><STMTTRNRS>\n"
        + leaf("TRNUID", "1")
        + "<STATUS>\n"
        + leaf("CODE", "0")
        + leaf("SEVERITY", "INFO")
        + "</STATUS>\n<STMTRS>\n"
        + leaf("CURDEF", "MXN")
        + "<BANKACCTFROM>\n"
        + leaf("BANKID", statement.cuenta[:3] or "0")
        + leaf("ACCTID", statement.cuenta)
        + leaf("ACCTTYPE", "CHECKING")
        + "</BANKACCTFROM>\n<BANKTRANLIST>\n"
        + leaf("DTSTART", f"{statement.desde:%Y%m%d}")
        + leaf("DTEND", last)
        + body
        + "</BANKTRANLIST>\n<LEDGERBAL>\n"
        + leaf("BALAMT", statement.saldo_final.plain())
        + leaf("DTASOF", last)
        + "</LEDGERBAL>\n</STMTRS></STMTTRNRS></BANKMSGSRSV1>\n</OFX>\n"
    )
    return (_OFX1 + text).encode("cp1252", "replace") if version == 1 else (_OFX2 + text).encode()


def write_camt(statement: Statement, version: str = "08") -> bytes:
    """CAMT.053.001.NN: the place of the status of an entry changed after 02."""

    def entry(line: StatementLine) -> str:
        status = "<Sts>BOOK</Sts>" if version == "02" else "<Sts><Cd>BOOK</Cd></Sts>"
        key = f"<AcctSvcrRef>{escape(line.id_banco)}</AcctSvcrRef>" if line.id_banco else ""
        reference = escape(line.referencia or "NOTPROVIDED")
        return (
            f"<Ntry>{_amount(line.monto)}{status}<BookgDt><Dt>{line.fecha}</Dt></BookgDt>{key}"
            f"<NtryDtls><TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs>"
            f"<RmtInf><Ustrd>{escape(line.descripcion)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        )

    balances = _balance("OPBD", statement.saldo_inicial, statement.desde) + _balance(
        "CLBD", statement.saldo_final, statement.hasta
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt><GrpHdr>'
        f"<MsgId>1</MsgId><CreDtTm>{statement.hasta}T23:00:00</CreDtTm></GrpHdr><Stmt><Id>1</Id><FrToDt><FrDtTm>{statement.desde}"
        f"T00:00:00</FrDtTm><ToDtTm>{statement.hasta}T23:59:59</ToDtTm></FrToDt><Acct><Id><Othr><Id>{statement.cuenta}"
        f"</Id></Othr></Id><Ccy>MXN</Ccy></Acct>{balances}{''.join(map(entry, statement.lines))}"
        "</Stmt></BkToCstmrStmt></Document>\n"
    ).encode()


def _amount(value: Money) -> str:
    side = "CRDT" if value.centavos >= 0 else "DBIT"
    return f'<Amt Ccy="MXN">{Money(abs(value.centavos)).plain()}</Amt><CdtDbtInd>{side}</CdtDbtInd>'


def _balance(kind: str, value: Money, day: date) -> str:
    return f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{_amount(value)}<Dt><Dt>{day}</Dt></Dt></Bal>"


def write_mt940(statement: Statement) -> bytes:
    """MT940 with the day before as that of the opening balance, as banks do."""

    def amount(value: Money) -> str:
        return Money(abs(value.centavos)).plain().replace(".", ",")

    def balance(value: Money, day: date) -> str:
        return f"{'C' if value.centavos >= 0 else 'D'}{day:%y%m%d}MXN{amount(value)}"

    rows = [":20:ESTADO", f":25:{statement.cuenta}", ":28C:1/1"]
    rows.append(f":60F:{balance(statement.saldo_inicial, statement.desde - timedelta(days=1))}")
    for line in statement.lines:
        side = "C" if line.monto.centavos >= 0 else "D"
        key = f"//{line.id_banco[:16]}" if line.id_banco else ""
        reference = line.referencia[:16] or "NONREF"
        rows.append(f":61:{line.fecha:%y%m%d%m%d}{side}{amount(line.monto)}NTRF{reference}{key}")
        rows += [f":86:{line.descripcion}"] if line.descripcion else []
    rows += [f":62F:{balance(statement.saldo_final, statement.hasta)}", "-"]
    return ("\r\n".join(rows) + "\r\n").encode("cp1252", "replace")


def write_csv(statement: Statement, mark: str = ",", encoding: str = "utf-8-sig") -> bytes:
    """CSV with a running balance, payments and deposits apart."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=mark)
    writer.writerow(CSV_HEAD)
    balance = statement.saldo_inicial
    for line in statement.lines:
        balance = balance + line.monto
        out = Money(-line.monto.centavos).plain() if line.monto.centavos < 0 else ""
        into = line.monto.plain() if line.monto.centavos >= 0 else ""
        writer.writerow([f"{line.fecha:%d/%m/%Y}", line.descripcion, line.referencia, out, into, str(balance)])
    return stream.getvalue().replace("−", "-").encode(encoding)
