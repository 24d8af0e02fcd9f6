"""The addresses of auditor/listas."""

from django.urls import path

from sif.web.auditor.listas import estatus_sat, lista_69b, listas

urlpatterns = [
    path("listas/", listas.listas, name="listas"),
    path("estatus-sat/", estatus_sat.page, name="estatus_sat"),
    path("estatus-sat/preguntar/", estatus_sat.ask, name="estatus_preguntar"),
    path("listas/69b/", lista_69b.lista, name="lista_69b"),
    path("listas/<str:nombre>/", listas.lista, name="lista"),
    path("listas/<str:nombre>/vacia.csv", listas.template, name="lista_plantilla"),
    path("listas/<str:nombre>/<int:pk>.csv", listas.rows_file, name="lista_csv"),
]
