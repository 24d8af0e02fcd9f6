"""The addresses of party/hoy."""

from django.urls import path

from sif.web.party.hoy import buzon, calendario, constancia, contabilidades, depositos, emblema, home, obligaciones

urlpatterns = [
    path("", home.today, name="home"),
    path("contabilidades/", contabilidades.listing, name="contabilidades"),
    path("contabilidades/<int:number>/", contabilidades.sheet, name="contabilidad"),
    path("emblemas/<int:pk>.png", emblema.picture, name="emblema"),
    path("buzon/", buzon.Mailbox.at(), name="buzon"),
    path("buzon/<int:number>/", buzon.sheet, name="notificacion"),
    path("buzon/<int:number>/leer/", buzon.open_it, name="leer"),
    path("buzon/<int:number>/documento/", buzon.document, name="documento"),
    path("buzon/<int:number>/cedula/", buzon.cedula, name="cedula"),
    path("buzon/<int:number>/paquete/", buzon.bundle, name="paquete"),
    path("buzon/paquete/<int:sujeto>/<int:etapa>/", buzon.stage_bundle, name="paquete_etapa"),
    path("calendario/", calendario.listing, name="calendario"),
    path("calendario/plazos.ics", calendario.ics, name="ics"),
    path("constancia/", constancia.constancia, name="constancia"),
    path("obligaciones/", obligaciones.listing, name="obligaciones"),
    path("obligaciones/obligaciones.ics", obligaciones.ics, name="obligaciones_ics"),
    path("depositos/<int:number>/documento/", depositos.document, name="deposito_documento"),
    path("depositos/<int:number>/acuse/", depositos.acuse, name="deposito_acuse"),
    path("obligaciones/<str:clave>/<path:siglas>/", depositos.duty, name="obligacion"),
]
