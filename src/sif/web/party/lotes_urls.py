"""The addresses of loading by lots."""

from django.urls import path

from sif.web.party import lotes, lotes_claves, lotes_revision, lotes_sat

_LOT = "lotes/<int:number>/<int:lote>/"

urlpatterns = [
    path("lotes/", lotes.listing, name="lotes"),
    path("lotes/plantillas/<slug:clave>.<slug:formato>", lotes.template, name="lotes_plantilla"),
    path("lotes/contabilidad-electronica/", lotes_sat.sheet, name="lotes_sat"),
    path("lotes/claves/", lotes_claves.listing, name="lotes_claves"),
    path(_LOT, lotes_revision.sheet, name="lote"),
    path(f"{_LOT}filas/<int:fila>/", lotes_revision.row, name="lote_fila"),
    path(f"{_LOT}errores.csv", lotes_revision.errors, name="lote_errores"),
    path(f"{_LOT}cuentas/", lotes_sat.accounts, name="lote_equivalencias"),
]
