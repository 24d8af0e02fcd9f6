"""The addresses of Bancos."""

from django.urls import path

from sif.web.party import bancos, bancos_actos, bancos_columnas, bancos_cuentas, bancos_mes

urlpatterns = [
    path("bancos/", bancos.BankAccounts.at(), name="bancos"),
    path("bancos/<int:number>/", bancos.sheet, name="banco"),
    path("bancos/<int:number>/estado/", bancos.receive, name="banco_recibir"),
    path("bancos/<int:number>/columnas/<slug:sha256>/", bancos_columnas.columns, name="banco_columnas"),
    path("bancos/<int:number>/cuentas/<slug:sha256>/", bancos_cuentas.accounts, name="banco_cuentas"),
    path("bancos/<int:number>/archivo/<int:estado>/", bancos_actos.file, name="banco_archivo"),
    path("bancos/<int:number>/aceptar/", bancos_actos.take, name="banco_aceptar"),
    path("bancos/<int:number>/deshacer/", bancos_actos.back, name="banco_deshacer"),
    path("bancos/<int:number>/enlazar/", bancos_actos.by_hand, name="banco_enlazar"),
    path("bancos/<int:number>/registrar/<int:linea>/", bancos_actos.record, name="banco_registrar"),
    path("bancos/<int:number>/conciliacion/<int:year>/<int:month>/", bancos_mes.sheet, name="conciliacion"),
    path("bancos/<int:number>/<slug:lado>/<int:partida>/", bancos_actos.item, name="banco_partida"),
]
