"""The addresses of party/bancos."""

from django.urls import path

from sif.web.party.bancos import account_acts, account_choice, bank_list, conciliacion, statement_columns

urlpatterns = [
    path("bancos/", bank_list.BankAccounts.at(), name="bancos"),
    path("bancos/<int:number>/", bank_list.sheet, name="banco"),
    path("bancos/<int:number>/estado/", bank_list.receive, name="banco_recibir"),
    path("bancos/<int:number>/columnas/<slug:sha256>/", statement_columns.columns, name="banco_columnas"),
    path("bancos/<int:number>/cuentas/<slug:sha256>/", account_choice.accounts, name="banco_cuentas"),
    path("bancos/<int:number>/archivo/<int:estado>/", account_acts.file, name="banco_archivo"),
    path("bancos/<int:number>/aceptar/", account_acts.take, name="banco_aceptar"),
    path("bancos/<int:number>/deshacer/", account_acts.back, name="banco_deshacer"),
    path("bancos/<int:number>/enlazar/", account_acts.by_hand, name="banco_enlazar"),
    path("bancos/<int:number>/registrar/<int:linea>/", account_acts.record, name="banco_registrar"),
    path("bancos/<int:number>/conciliacion/<int:year>/<int:month>/", conciliacion.sheet, name="conciliacion"),
    path("bancos/<int:number>/<slug:lado>/<int:partida>/", account_acts.item, name="banco_partida"),
]
