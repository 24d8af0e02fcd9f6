"""Addresses that every desk links without a name of desk: article of law, accessibility, service, demonstration."""

from django.urls import path

from sif.web.public import ley, personas, servicio
from sif.web.public.stage import noticed

urlpatterns = [
    path("ley/<str:referencia>/", noticed(ley.article), name="articulo"),
    path("accesibilidad/", noticed(servicio.accessibility), name="accesibilidad"),
    path("estado/", noticed(servicio.health), name="salud"),
    path("estado/sonda/", servicio.probed, name="sonda"),
    path("demostracion/", noticed(personas.people), name="demostracion"),
]
