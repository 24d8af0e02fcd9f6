"""The addresses of the council desk."""

from django.urls import path, re_path

from sif.web.auditor import calendario
from sif.web.auditor.home import choose_stage
from sif.web.council import base, conclusion, leyes, resoluciones, session

app_name = "council"
urlpatterns = [
    path("", session.home, name="home"),
    path("etapas/", choose_stage, {"mesa": "council"}, name="etapas"),
    path("dictamenes/", session.dictamenes, name="dictamenes"),
    path("dictamenes/<int:dictamen>/proyecto/", resoluciones.draw_project, name="proyecto"),
    path("conclusiones/<int:pk>/", conclusion.conclusion, name="conclusion"),
    path("resoluciones/", session.resoluciones, name="resoluciones"),
    path("resoluciones/<int:pk>/", resoluciones.resolucion, name="resolucion"),
    path("resoluciones/<int:pk>/votar/", resoluciones.cast_vote, name="votar"),
    path("resoluciones/<int:pk>/someter/", resoluciones.submit, name="someter"),
    path("resoluciones/<int:pk>/contar/", resoluciones.count, name="contar"),
    path("resoluciones/<int:pk>/documento.<str:kind>", resoluciones.document, name="documento"),
    path("calendario/", calendario.of_council, name="calendario"),
    path("criterios/", session.criteria, name="criterios"),
    path("leyes/", leyes.listing, name="leyes"),
    path("leyes/proponer/", leyes.propose_many, name="leyes_proponer"),
    path("leyes/espera/", leyes.waiting, name="leyes_espera"),
    path("leyes/espera/resolver/", leyes.resolve_many, name="leyes_resolver"),
    path("leyes/textos/", leyes.texts, name="leyes_textos"),
    path("leyes/textos/<int:pk>/", leyes.text, name="leyes_texto"),
    re_path(r"^leyes/bases/(?P<huella>[0-9a-f]{64})/$", base.sheet, name="base"),
    re_path(r"^leyes/bases/(?P<huella>[0-9a-f]{64})/resolver/$", base.resolve, name="base_resolver"),
]
