"""The addresses of party/cfdi."""

from django.urls import path

from sif.web.party.cfdi import inbox_acts, invoice_sheet

urlpatterns = [
    path("cfdi/", inbox_acts.listing, name="cfdi"),
    path("cfdi/decidir/", inbox_acts.decide, name="cfdi_decidir"),
    path("cfdi/<int:number>/<int:recepcion>/", inbox_acts.propose, name="proponer"),
    path("cfdi/<int:number>/<int:recepcion>/ficha/", invoice_sheet.show, name="cfdi_ficha"),
]
