"""Write the complements of an invoice: INE, payments, payroll and donations, in the forms of SAT's schemas."""

from collections.abc import Sequence

from lxml import etree

from sif.cfdi.document import INE_NAMESPACE, ComplementoIne, Donataria, Nomina, PagoCfdi
from sif.values import Money

PAGOS, NOMINA = "http://www.sat.gob.mx/Pagos20", "http://www.sat.gob.mx/nomina12"
DONATARIAS = "http://www.sat.gob.mx/donat"
_PLACE = "http://www.sat.gob.mx/sitio_internet/cfd"
PREFIXES = {
    "ine": (INE_NAMESPACE, f"{_PLACE}/ine/ine11.xsd"),
    "pago20": (PAGOS, f"{_PLACE}/Pagos/Pagos20.xsd"),
    "nomina12": (NOMINA, f"{_PLACE}/nomina/nomina12.xsd"),
    "donat": (DONATARIAS, f"{_PLACE}/donat/donat11.xsd"),
}
"""Namespace and schema of each complement by the prefix that SAT gives it."""
_ASSIMILATED = {"TipoContrato": "09", "TipoRegimen": "09", "PeriodicidadPago": "04"}  # fees treated as wages


def add_ine(complement: etree._Element, ine: ComplementoIne) -> None:
    """The INE complement as given, faults included: the demonstration needs invoices that are wrong on purpose."""
    own = {"Version": ine.version, "TipoProceso": ine.tipo_proceso}
    element = etree.SubElement(complement, f"{{{INE_NAMESPACE}}}INE", own)
    if ine.tipo_comite:
        element.set("TipoComite", ine.tipo_comite)
    if ine.id_contabilidad is not None:
        element.set("IdContabilidad", str(ine.id_contabilidad))
    for entidad in ine.entidades:
        child = etree.SubElement(element, f"{{{INE_NAMESPACE}}}Entidad", ClaveEntidad=entidad.clave)
        if entidad.ambito:
            child.set("Ambito", entidad.ambito)
        for id_contabilidad in entidad.contabilidades:
            etree.SubElement(child, f"{{{INE_NAMESPACE}}}Contabilidad", IdContabilidad=str(id_contabilidad))


def add_pagos(complement: etree._Element, pagos: Sequence[PagoCfdi]) -> None:
    """The complement of payments: each with what it pays of each invoice, in pesos and without taxes apart."""
    root = etree.SubElement(complement, f"{{{PAGOS}}}Pagos", Version="2.0")
    total = Money(sum(pago.monto.centavos for pago in pagos))
    etree.SubElement(root, f"{{{PAGOS}}}Totales", MontoTotalPagos=total.plain())
    for pago in pagos:
        if pago.fecha is None:
            raise ValueError("Un pago lleva su fecha.")
        node = etree.SubElement(
            root,
            f"{{{PAGOS}}}Pago",
            FechaPago=f"{pago.fecha.isoformat()}T12:00:00",
            FormaDePagoP=pago.forma,
            MonedaP=pago.moneda,
            TipoCambioP="1",
            Monto=pago.monto.plain(),
        )
        for paid in pago.documentos:
            etree.SubElement(
                node,
                f"{{{PAGOS}}}DoctoRelacionado",
                IdDocumento=paid.uuid,
                MonedaDR=pago.moneda,
                EquivalenciaDR="1",
                NumParcialidad=str(paid.parcialidad),
                ImpSaldoAnt=paid.saldo_anterior.plain(),
                ImpPagado=paid.pagado.plain(),
                ImpSaldoInsoluto=paid.saldo_insoluto.plain(),
                ObjetoImpDR="01",
            )


def add_nomina(complement: etree._Element, nomina: Nomina) -> None:
    """The complement of payroll of one fortnight: what was earned, and the tax withheld."""
    if nomina.fecha is None:
        raise ValueError("Una nómina lleva su fecha de pago.")
    day, earned, withheld = nomina.fecha.isoformat(), nomina.percepciones.plain(), nomina.deducciones.plain()
    root = etree.SubElement(
        complement,
        f"{{{NOMINA}}}Nomina",
        Version="1.2",
        TipoNomina="O",
        FechaPago=day,
        FechaInicialPago=day,
        FechaFinalPago=day,
        NumDiasPagados="15.000",
        TotalPercepciones=earned,
    )
    if nomina.deducciones:
        root.set("TotalDeducciones", withheld)
    person = {"Curp": nomina.curp, "NumEmpleado": "1", "ClaveEntFed": "MEX", **_ASSIMILATED}
    etree.SubElement(root, f"{{{NOMINA}}}Receptor", person)
    earnings = etree.SubElement(
        root, f"{{{NOMINA}}}Percepciones", TotalSueldos=earned, TotalGravado=earned, TotalExento="0.00"
    )
    etree.SubElement(
        earnings,
        f"{{{NOMINA}}}Percepcion",
        TipoPercepcion="046",
        Clave="001",
        Concepto="Honorarios asimilados",
        ImporteGravado=earned,
        ImporteExento="0.00",
    )
    if nomina.deducciones:
        rows = etree.SubElement(root, f"{{{NOMINA}}}Deducciones", TotalImpuestosRetenidos=withheld)
        etree.SubElement(
            rows, f"{{{NOMINA}}}Deduccion", TipoDeduccion="002", Clave="002", Concepto="ISR", Importe=withheld
        )


def add_donataria(complement: etree._Element, donataria: Donataria) -> None:
    """The complement of donations: under which authorization they are received."""
    etree.SubElement(
        complement,
        f"{{{DONATARIAS}}}Donatarias",
        version="1.1",
        noAutorizacion=donataria.autorizacion,
        fechaAutorizacion=donataria.fecha.isoformat(),
        leyenda="Este comprobante ampara un donativo.",
    )
