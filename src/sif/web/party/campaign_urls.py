"""The addresses of the campaign's pages in the party desk."""

from django.urls import path

from sif.web.party import activos, avisos, casas, ceps, deudas, evento, eventos, inventario, kardex, repap

_EVENT = "eventos/<int:number>/<int:evento>/"
_CONTRACT = "avisos/<int:number>/contrato/<int:contrato>/"
_ARTICLE = "inventario/<int:number>/<int:articulo>/"
_MOVEMENT = "inventario/<int:number>/movimiento/<int:movimiento>/"
_CEP = "cep/<int:number>/<int:pk>/"

campaign_urls = [
    path("eventos/", eventos.Events.at(), name="eventos"),
    path("eventos/nuevo/", evento.NewEvent.at(), name="evento_nuevo"),
    path(_EVENT, evento.Event.at(), name="evento"),
    path(f"{_EVENT}cambiar/", evento.ChangeEvent.at(), name="evento_cambiar"),
    path(f"{_EVENT}cancelar/", evento.CancelEvent.at(), name="evento_cancelar"),
    path(f"{_EVENT}realizado/", evento.HoldEvent.at(), name="evento_realizado"),
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
    path("activos/", activos.Assets.at(), name="activos"),
    path("activos/nuevo/", activos.NewAsset.at(), name="activo_nuevo"),
    path("activos/<int:number>/<int:pk>/", activos.Asset.at(), name="activo"),
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
    path("creditos/", deudas.Credits.at(), name="creditos"),
    path("creditos/nuevo/", deudas.NewCredit.at(), name="credito_nuevo"),
    path("proyectos/", deudas.Projects.at(), name="proyectos"),
    path("proyectos/nuevo/", deudas.NewProject.at(), name="proyecto_nuevo"),
    path("resoluciones-por-pagar/", deudas.Owed.at(), name="resoluciones"),
    path("resoluciones-por-pagar/nueva/", deudas.NewOwed.at(), name="resolucion_nueva"),
]
