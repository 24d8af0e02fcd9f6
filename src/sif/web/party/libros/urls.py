"""The addresses of party/libros."""

from django.urls import path

from sif.web.party.libros import book_page, chart_of_accounts, openings, sat_files

urlpatterns = [
    path("catalogo/", chart_of_accounts.listing, name="catalogo"),
    path("libros/", book_page.index, name="libros"),
    path("libros/sat/", sat_files.sheet, name="libros_sat"),
    path("libros/apertura/", openings.listing, name="aperturas"),
    path("libros/apertura/plantilla.<slug:formato>", openings.template, name="apertura_plantilla"),
    path("libros/apertura/<int:number>/", openings.sheet, name="apertura"),
    path("libros/<slug:clave>/", book_page.sheet, name="libro"),
]
