"""Write in the catalogues; re-export the services of people, accounts and campaign."""

from sif.catalogs.services.accounts import (
    NewCuenta,
    NewSerie,
    authorize_serie,
    cancel_cuenta,
    open_cuenta,
    report_cuenta,
)
from sif.catalogs.services.people import (
    NewAportante,
    NewPersona,
    NewProveedor,
    save_aportante,
    save_persona,
    save_proveedor,
)

__all__ = [
    "NewAportante",
    "NewCuenta",
    "NewPersona",
    "NewProveedor",
    "NewSerie",
    "authorize_serie",
    "cancel_cuenta",
    "open_cuenta",
    "report_cuenta",
    "save_aportante",
    "save_persona",
    "save_proveedor",
]
