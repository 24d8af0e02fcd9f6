"""The addresses of the council desk."""

from django.urls import path

from sif.web.auditor.home import choose_stage
from sif.web.council import resoluciones, session

app_name = "council"
urlpatterns = [
    path("", session.home, name="home"),
    path("etapas/", choose_stage, {"mesa": "council"}, name="etapas"),
    path("dictamenes/", session.dictamenes, name="dictamenes"),
    path("dictamenes/<int:dictamen>/proyecto/", resoluciones.draw_project, name="proyecto"),
    path("resoluciones/", session.resoluciones, name="resoluciones"),
    path("resoluciones/<int:pk>/", resoluciones.resolucion, name="resolucion"),
    path("resoluciones/<int:pk>/votar/", resoluciones.cast_vote, name="votar"),
    path("resoluciones/<int:pk>/someter/", resoluciones.submit, name="someter"),
    path("resoluciones/<int:pk>/contar/", resoluciones.count, name="contar"),
    path("resoluciones/<int:pk>/documento.<str:kind>", resoluciones.document, name="documento"),
    path("criterios/", session.criteria, name="criterios"),
]
