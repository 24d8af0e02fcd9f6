"""The addresses of the desk of administration."""

from django.urls import path

from sif.web.admin import procesos, sujetos

app_name = "administration"
urlpatterns = [
    path("procesos/", procesos.Processes.at(), name="procesos"),
    path("procesos/nuevo/", procesos.NewProcess.at(), name="proceso_nuevo"),
    path("procesos/calendario/", procesos.Calendar.at(), name="calendario"),
    path("procesos/propuestas/<int:pk>/", procesos.proposal, name="propuesta"),
    path("procesos/<int:pk>/", procesos.process, name="proceso"),
    path("sujetos/", sujetos.Subjects.at(), name="sujetos"),
    path("sujetos/nuevo/", sujetos.NewSubject.at(), name="sujeto_nuevo"),
    path("sujetos/<int:pk>/integrantes/", sujetos.Members.at(), name="integrantes"),
]
