"""The addresses of the desk of administration."""

from django.urls import path, re_path

from sif.web.admin import candidaturas, correcciones, correos, historicos, home, leaving, procesos, sujetos, topes

app_name = "administration"
urlpatterns = [
    path("", home.home, name="home"),
    path("procesos/", procesos.Processes.at(), name="procesos"),
    path("procesos/nuevo/", procesos.NewProcess.at(), name="proceso_nuevo"),
    path("procesos/calendario/", procesos.Calendar.at(), name="calendario"),
    path("procesos/propuestas/<int:pk>/", procesos.proposal, name="propuesta"),
    path("procesos/<int:pk>/", procesos.process, name="proceso"),
    path("candidaturas/", candidaturas.Candidacies.at(), name="candidaturas"),
    path("candidaturas/cargar/", candidaturas.Candidates.at(), name="candidaturas_cargar"),
    re_path(r"^candidaturas/cargas/(?P<etapa>[0-9]{1,15})/(?P<sha256>[0-9a-f]{64})/$", candidaturas.load, name="carga"),
    path("candidaturas/nueva/", candidaturas.NewCandidate.at(), name="candidatura_nueva"),
    path("contabilidades/nueva/", candidaturas.NewBooks.at(), name="libros_nuevos"),
    path("candidaturas/<int:pk>/", leaving.candidacy, name="candidatura"),
    path("candidaturas/<int:pk>/fin/", leaving.EndCandidacy.at(), name="candidatura_fin"),
    path("candidaturas/<int:pk>/sustituir/", leaving.Substitute.at(), name="candidatura_sustituir"),
    path("candidaturas/<int:pk>/restituir/", leaving.Restore.at(), name="candidatura_restituir"),
    path("topes/", topes.Caps.at(), name="topes"),
    re_path(r"^topes/(?P<etapa>[0-9]{1,15})/(?P<sha256>[0-9a-f]{64})/$", topes.look, name="topes_vistos"),
    path("procesos/<int:pk>/faltantes/", home.missing, name="faltantes"),
    path("historicos/", historicos.Pasts.at(), name="historicos"),
    path("historicos/nuevo/", historicos.NewPast.at(), name="historico_nuevo"),
    re_path(r"^historicos/archivo/(?P<sha256>[0-9a-f]{64})/$", historicos.look, name="historico_visto"),
    path("historicos/<int:pk>/", historicos.PastAccounts.at(), name="historico"),
    path("historicos/<int:pk>/retirar/", historicos.withdraw, name="historico_retirar"),
    path("correos/", correos.Mails.at(), name="correos"),
    path("correos/<int:pk>/", correos.mail, name="correo"),
    path("correos/<int:pk>/reintentar/", correos.again, name="correo_reintentar"),
    path("sujetos/", sujetos.Subjects.at(), name="sujetos"),
    path("sujetos/nuevo/", sujetos.NewSubject.at(), name="sujeto_nuevo"),
    path("sujetos/<int:pk>/", sujetos.subject, name="sujeto"),
    path("sujetos/<int:pk>/corregir/", correcciones.CorrectSubject.at(), name="sujeto_corregir"),
    path("candidaturas/<int:pk>/corregir/", correcciones.CorrectCandidacy.at(), name="candidatura_corregir"),
    path("correcciones/<int:pk>/", correcciones.correction, name="correccion"),
    path("sujetos/<int:pk>/integrantes/", sujetos.Members.at(), name="integrantes"),
]
