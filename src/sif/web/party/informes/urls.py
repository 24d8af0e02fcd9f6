"""The addresses of party/informes."""

from django.urls import path

from sif.web.party.informes import firma, firma_varios, oficio_answer, preflight, report_list, salida

_REPORT = "informes/<int:number>/<slug:tipo>/<int:periodo>/"
urlpatterns = [
    path("informes/", report_list.listing, name="informes"),
    path("informes/firmar/", firma_varios.sign_many, name="firmar"),
    path("informes/firmar/cadenas/", firma_varios.cadenas, name="firmar_cadenas"),
    path("informes/firmar/enviadas/", salida.take, name="firmas_enviadas"),
    path("informes/firmar/generar/", firma_varios.prepare_many, name="generar_varios"),
    path(_REPORT, report_list.sheet, name="informe"),
    path(f"{_REPORT}generar/", report_list.prepare, name="generar"),
    path(f"{_REPORT}<int:version>/informe.pdf", report_list.paper, name="informe_pdf"),
    path(f"{_REPORT}<int:version>/informe.xlsx", report_list.workbook, name="informe_xlsx"),
    path(f"{_REPORT}<int:version>/informe.json", report_list.content, name="informe_json"),
    path(f"{_REPORT}<int:version>/anexos/<slug:clave>.csv", report_list.annex, name="anexo"),
    path(f"{_REPORT}<int:version>/cadena/", firma.cadena, name="cadena"),
    path(f"{_REPORT}<int:version>/presentar/", firma.deliver, name="presentar"),
    path(f"{_REPORT}<int:version>/firmar/", firma.sign_here, name="firmar_aqui"),
    path(f"{_REPORT}<int:version>/retirar/", firma.take_back, name="retirar_firma"),
    path(f"{_REPORT}<int:version>/sin-otra-firma/", firma.present_one, name="presentar_sola"),
    path(f"{_REPORT}<int:version>/acuse/", firma.acuse, name="acuse"),
    path("oficios/", oficio_answer.listing, name="oficios"),
    path("oficios/<int:number>/", oficio_answer.sheet, name="oficio"),
    path("oficios/<int:number>/<int:observacion>/", oficio_answer.reply, name="contestar"),
    path("oficios/<int:number>/oficio.pdf", oficio_answer.document, name="oficio_pdf"),
    path("revision/", preflight.overview, name="revision"),
    path("revision/breve/", preflight.brief, name="revision_breve"),
    path("revision/pedir/", preflight.ask, name="revision_pedir"),
    path("revision/<str:regla>/<str:resultado>/", preflight.findings, name="revision_regla"),
]
