"""The addresses of the party desk."""

from django.urls import path

from sif.web.party import (
    buzon,
    calendario,
    captura,
    cfdi,
    contabilidades,
    firma,
    home,
    informes,
    libros,
    oficios,
    poliza,
    polizas,
    revision,
)
from sif.web.party.bancos_urls import urlpatterns as bancos_patterns
from sif.web.party.prorrateo_urls import urlpatterns as prorrateo_patterns

app_name = "party"
_REPORT = "informes/<int:number>/<int:periodo>/"

urlpatterns = [
    path("", home.today, name="home"),
    path("contabilidades/", contabilidades.listing, name="contabilidades"),
    path("contabilidades/<int:number>/", contabilidades.sheet, name="contabilidad"),
    path("polizas/", polizas.listing, name="polizas"),
    path("polizas/<int:number>/<int:asiento>/", poliza.sheet, name="poliza"),
    path("polizas/<int:number>/<int:asiento>/corregir/", poliza.correct, name="corregir"),
    path("polizas/<int:number>/<int:asiento>/evidencias/", poliza.attach, name="adjuntar"),
    path("evidencias/<int:number>/<int:evidencia>/", poliza.download, name="evidencia"),
    path("captura/", captura.choose, name="captura"),
    path("captura/<int:number>/", captura.begin, name="empezar"),
    path("borradores/", captura.drafts, name="borradores"),
    path("borradores/<int:number>/<int:borrador>/", captura.draft, name="borrador"),
    path("cfdi/", cfdi.listing, name="cfdi"),
    path("cfdi/<int:number>/<int:recepcion>/", cfdi.propose, name="proponer"),
    path("libros/", libros.index, name="libros"),
    path("libros/<slug:clave>/", libros.sheet, name="libro"),
    *prorrateo_patterns,
    *bancos_patterns,
    path("informes/", informes.listing, name="informes"),
    path(_REPORT, informes.sheet, name="informe"),
    path(f"{_REPORT}generar/", informes.prepare, name="generar"),
    path(f"{_REPORT}<int:version>/informe.pdf", informes.paper, name="informe_pdf"),
    path(f"{_REPORT}<int:version>/cadena/", firma.cadena, name="cadena"),
    path(f"{_REPORT}<int:version>/presentar/", firma.deliver, name="presentar"),
    path(f"{_REPORT}<int:version>/firmar/", firma.sign_here, name="firmar_aqui"),
    path(f"{_REPORT}<int:version>/acuse/", firma.acuse, name="acuse"),
    path("oficios/", oficios.listing, name="oficios"),
    path("oficios/<int:number>/", oficios.sheet, name="oficio"),
    path("oficios/<int:number>/<int:observacion>/", oficios.reply, name="contestar"),
    path("oficios/<int:number>/oficio.pdf", oficios.document, name="oficio_pdf"),
    path("buzon/", buzon.listing, name="buzon"),
    path("buzon/<int:number>/", buzon.sheet, name="notificacion"),
    path("buzon/<int:number>/leer/", buzon.open_it, name="leer"),
    path("buzon/<int:number>/documento/", buzon.document, name="documento"),
    path("revision/", revision.overview, name="revision"),
    path("revision/breve/", revision.brief, name="revision_breve"),
    path("revision/<str:regla>/<str:resultado>/", revision.findings, name="revision_regla"),
    path("calendario/", calendario.listing, name="calendario"),
    path("calendario/plazos.ics", calendario.ics, name="ics"),
]
