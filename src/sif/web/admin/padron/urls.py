"""The addresses of admin/padron."""

from django.urls import path, re_path

from sif.web.admin.padron import (
    cambios,
    candidaturas,
    coaliciones,
    columnas,
    correcciones,
    emblemas,
    financiamiento,
    leaving,
    relevos,
    sujetos,
)

urlpatterns = [
    path("candidaturas/", candidaturas.Candidacies.at(), name="candidaturas"),
    path("candidaturas/cargar/", candidaturas.Candidates.at(), name="candidaturas_cargar"),
    re_path(r"^candidaturas/cargas/(?P<etapa>[0-9]{1,15})/(?P<sha256>[0-9a-f]{64})/$", candidaturas.load, name="carga"),
    re_path(
        r"^candidaturas/columnas/(?P<etapa>[0-9]{1,15})/(?P<sha256>[0-9a-f]{64})/$",
        columnas.SayColumns.at(),
        name="carga_columnas",
    ),
    path("candidaturas/plantilla/", candidaturas.sample, name="candidaturas_plantilla"),
    path("candidaturas/nueva/", candidaturas.NewCandidate.at(), name="candidatura_nueva"),
    path("contabilidades/nueva/", candidaturas.NewBooks.at(), name="libros_nuevos"),
    path("candidaturas/<int:pk>/", leaving.candidacy, name="candidatura"),
    path("candidaturas/<int:pk>/fin/", leaving.EndCandidacy.at(), name="candidatura_fin"),
    path("candidaturas/<int:pk>/sustituir/", leaving.Substitute.at(), name="candidatura_sustituir"),
    path("candidaturas/<int:pk>/coalicion/", cambios.ChangeAlliance.at(), name="candidatura_cambiar"),
    path("candidaturas/<int:pk>/restituir/", leaving.Restore.at(), name="candidatura_restituir"),
    path("sujetos/", sujetos.Subjects.at(), name="sujetos"),
    path("sujetos/nuevo/", sujetos.NewSubject.at(), name="sujeto_nuevo"),
    path("sujetos/<int:pk>/", sujetos.subject, name="sujeto"),
    path("sujetos/<int:pk>/relevo/", relevos.Relieve.at(), name="relevo"),
    path("sujetos/<int:pk>/financiamiento/", financiamiento.Grant.at(), name="financiamiento"),
    path("sujetos/<int:pk>/corregir/", correcciones.CorrectSubject.at(), name="sujeto_corregir"),
    path("candidaturas/<int:pk>/corregir/", correcciones.CorrectCandidacy.at(), name="candidatura_corregir"),
    path("correcciones/<int:pk>/", correcciones.correction, name="correccion"),
    path("sujetos/<int:pk>/integrantes/", coaliciones.NewAgreementPage.at(), name="integrantes"),
    path("sujetos/<int:pk>/emblema/", emblemas.NewEmblemPage.at(), name="emblema_nuevo"),
    path("emblemas/<int:pk>.png", emblemas.picture, name="emblema"),
    path("convenios/<int:pk>/documento/", coaliciones.document, name="convenio_documento"),
]
