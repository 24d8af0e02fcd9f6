"""The addresses of suppliers, contributions, bank accounts and people."""

from django.urls import path

from sif.web.party import (
    aportacion_nueva,
    aportaciones,
    aportantes,
    cuentas,
    folios,
    gente,
    miradas,
    personal_keys,
    proveedores,
)

urlpatterns = [
    path("proveedores/", proveedores.Suppliers.at(), name="proveedores"),
    path("proveedores/nuevo/", proveedores.EditSupplier.at(), name="proveedor_nuevo"),
    path("proveedores/<int:number>/", proveedores.sheet, name="proveedor"),
    path("proveedores/<int:number>/editar/", proveedores.EditSupplier.at(), name="proveedor_editar"),
    path("aportaciones/", aportaciones.Contributions.at(), name="aportaciones"),
    path("aportaciones/nueva/", aportacion_nueva.choose, name="aportacion_nueva"),
    path("aportaciones/nueva/<int:number>/", aportacion_nueva.create, name="aportacion_en"),
    path("aportaciones/aportantes/", aportantes.Donors.at(), name="aportantes"),
    path("aportaciones/aportantes/nuevo/", aportantes.EditDonor.at(), name="aportante_nuevo"),
    path("aportaciones/aportantes/<int:number>/", aportantes.sheet, name="aportante"),
    path("aportaciones/aportantes/<int:number>/editar/", aportantes.EditDonor.at(), name="aportante_editar"),
    path("aportaciones/folios/", folios.listing, name="folios"),
    path("aportaciones/folios/nueva/", folios.NewSeries.at(), name="serie_nueva"),
    path("aportaciones/folios/<int:number>/", folios.sheet, name="serie"),
    path("cuentas/", cuentas.Accounts.at(), name="cuentas"),
    path("cuentas/nueva/", cuentas.NewAccount.at(), name="cuenta_nueva"),
    path("cuentas/<int:number>/", cuentas.sheet, name="cuenta"),
    path("por-clave/<str:kind>/", personal_keys.find_by_key, name="por_clave"),
    path("miradas/", miradas.Looks.at(), name="miradas"),
    path("gente/", gente.People.at(), name="gente"),
    path("gente/nueva/", gente.EditPerson.at(), name="persona_nueva"),
    path("gente/<int:number>/", gente.sheet, name="persona"),
    path("gente/<int:number>/editar/", gente.EditPerson.at(), name="persona_editar"),
]
