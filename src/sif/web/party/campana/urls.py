"""The addresses of party/campana."""

from django.urls import path

from sif.web.party.campana import avisos, casas, ceps, event_list, event_sheet, inventario, kardex, repap

_EVENT = "eventos/<int:number>/<int:evento>/"
_CONTRACT = "avisos/<int:number>/contrato/<int:contrato>/"
_ARTICLE = "inventario/<int:number>/<int:articulo>/"
_MOVEMENT = "inventario/<int:number>/movimiento/<int:movimiento>/"
_CEP = "cep/<int:number>/<int:pk>/"
urlpatterns = [
    path("eventos/", event_list.Events.at(), name="eventos"),
    path("eventos/nuevo/", event_sheet.NewEvent.at(), name="evento_nuevo"),
    path(_EVENT, event_sheet.Event.at(), name="evento"),
    path(f"{_EVENT}cambiar/", event_sheet.ChangeEvent.at(), name="evento_cambiar"),
    path(f"{_EVENT}cancelar/", event_sheet.CancelEvent.at(), name="evento_cancelar"),
    path(f"{_EVENT}realizado/", event_sheet.HoldEvent.at(), name="evento_realizado"),
    path("avisos/", avisos.Contracts.at(), name="avisos"),
    path("avisos/nuevo/", avisos.NewContract.at(), name="contrato_nuevo"),
    path(_CONTRACT, avisos.Contract.at(), name="contrato"),
    path(f"{_CONTRACT}avisar/", avisos.GiveNotice.at(), name="avisar"),
    path(f"{_CONTRACT}cancelar/", avisos.CancelContract.at(), name="aviso_cancelar"),
    path("avisos/<int:number>/<int:aviso>/acuse.pdf", avisos.acuse, name="aviso_acuse"),
    path("casas/", casas.Houses.at(), name="casas"),
    path("casas/nueva/", casas.NewHouse.at(), name="casa_nueva"),
    path("casas/<int:number>/<int:pk>/", casas.House.at(), name="casa"),
    path("inventario/", inventario.Stock.at(), name="inventario"),
    path("inventario/nuevo/", inventario.NewArticle.at(), name="articulo_nuevo"),
    path(_ARTICLE, kardex.sheet, name="kardex"),
    path(f"{_ARTICLE}entrada/", kardex.NewEntry.at(), name="entrada"),
    path(f"{_ARTICLE}salida/", kardex.NewExit.at(), name="salida"),
    path(f"{_MOVEMENT}revertir/", kardex.UndoMovement.at(), name="revertir"),
    path(f"{_MOVEMENT}nota.pdf", kardex.paper, name="nota"),
    path("repap/", repap.Receipts.at(), name="repap"),
    path("repap/nuevo/", repap.NewRepapReceipt.at(), name="repap_nuevo"),
    path("repap/<int:number>/<int:pk>/", repap.Receipt.at(), name="repap_recibo"),
    path("repap/<int:number>/<int:pk>/recibo.pdf", repap.paper, name="repap_pdf"),
    path("cep/", ceps.Ceps.at(), name="ceps"),
    path("cep/nuevo/", ceps.NewCepReceipt.at(), name="cep_nuevo"),
    path(_CEP, ceps.CepSheet.at(), name="cep"),
    path(f"{_CEP}firmar/", ceps.SignCep.at(), name="cep_firmar"),
    path(f"{_CEP}firmar-aqui/", ceps.SignCepHere.at(), name="cep_firmar_aqui"),
    path(f"{_CEP}comprobante.pdf", ceps.paper, name="cep_pdf"),
]
