"""Addresses that every desk links without a name of desk: article of law, accessibility, service, demonstration."""

from django.urls import path

from sif.web.public import ley, personas, servicio

urlpatterns = [
    path("ley/<str:referencia>/", ley.article, name="articulo"),
    path("accesibilidad/", servicio.accessibility, name="accesibilidad"),
    path("estado/", servicio.health, name="salud"),
    path("demostracion/", personas.people, name="demostracion"),
]
