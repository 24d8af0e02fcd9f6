"""The addresses of auditor/medir."""

from django.urls import path

from sif.web.auditor.medir import avance, corridas, cumplimiento, depositos, firmas, indicios, informes, matriz, riesgo

urlpatterns = [
    path("avance/", avance.progress, name="avance"),
    path("avance/repartir/", avance.share_out, name="repartir"),
    path("avance/repartos/<int:pk>/terminar/", avance.end, name="terminar_reparto"),
    path("riesgo/", riesgo.risk, name="riesgo"),
    path("cumplimiento/", cumplimiento.Compliance.at(), name="cumplimiento"),
    path("escalamiento/", cumplimiento.urgency, name="escalamiento"),
    path("cumplimiento/<path:siglas>/", cumplimiento.subject, name="cumplimiento_sujeto"),
    path("depositos/<int:number>/documento/", depositos.document, name="deposito_documento"),
    path("depositos/<int:number>/acuse/", depositos.acuse, name="deposito_acuse"),
    path("obligaciones/<str:clave>/<path:siglas>/", depositos.duty, name="obligacion"),
    path("informes/<str:folio>/", informes.sheet, name="informe"),
    path("informes/<str:folio>/acuse.pdf", informes.acuse, name="informe_acuse"),
    path("informes/<str:folio>/anexos/<slug:clave>.csv", informes.annex, name="informe_anexo"),
    path("firmas/", firmas.Signatures.at(), name="firmas"),
    path("indicios/", indicios.indicios, name="indicios"),
    path("muestras/", indicios.muestreo, name="muestreo"),
    path("matriz/", matriz.matrix, name="matriz"),
    path("matriz/<int:number>/", matriz.plan, name="matriz_plan"),
    path("matriz/aplicar/", matriz.apply, name="aplicar_matriz"),
    path("matriz/matriz.xlsx", matriz.workbook, name="matriz_xlsx"),
    path("corridas/", corridas.Runs.at(), name="corridas"),
]
