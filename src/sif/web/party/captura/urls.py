"""The addresses of party/captura."""

from django.urls import path

from sif.web.party.captura import (
    correction,
    draft,
    evidencias,
    lookup,
    plantillas,
    poliza_acts,
    poliza_list,
    poliza_sheet,
)

urlpatterns = [
    path("polizas/", poliza_list.Polizas.at(), name="polizas"),
    path("polizas/<int:number>/<int:asiento>/", poliza_sheet.sheet, name="poliza"),
    path("polizas/<int:number>/<int:asiento>/corregir/", correction.correct, name="corregir"),
    path("polizas/<int:number>/<int:asiento>/poliza.pdf", poliza_acts.paper, name="poliza_pdf"),
    path("polizas/<int:number>/<int:asiento>/copiar/", poliza_acts.copy, name="copiar"),
    path("polizas/<int:number>/<int:asiento>/plantilla/", poliza_acts.keep, name="poliza_plantilla"),
    path("polizas/<int:number>/<int:asiento>/evidencias/", poliza_sheet.attach, name="adjuntar"),
    path("polizas/<int:number>/<int:asiento>/evidencias/panel/", evidencias.panel, name="evidencias_panel"),
    path("evidencias/<int:number>/<int:evidencia>/", evidencias.download, name="evidencia"),
    path("evidencias/<int:number>/<int:evidencia>/ver/", evidencias.sheet, name="evidencia_ver"),
    path("evidencias/<int:number>/<int:evidencia>/pagina/<int:pagina>.png", evidencias.picture, name="evidencia_png"),
    path("subidas/", evidencias.uploads, name="subidas"),
    path("subidas/<uuid:carga>/", evidencias.upload, name="subida"),
    path("captura/", draft.choose, name="captura"),
    path("captura/<int:number>/", draft.begin, name="empezar"),
    path("captura/<int:number>/auxiliares.json", lookup.auxiliaries, name="auxiliares"),
    path("plantillas/", plantillas.listing, name="plantillas"),
    path("plantillas/<int:number>/", plantillas.act, name="plantilla"),
    path("borradores/", draft.drafts, name="borradores"),
    path("borradores/<int:number>/<int:borrador>/", draft.draft, name="borrador"),
]
