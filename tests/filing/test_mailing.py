"""The acuse of a report is mailed to who presented it, once."""

from filing.campaign import Campaign
from mailed import Office, office, text_of
from sif.filing import services
from sif.mail.addresses import keep_address
from sif.mail.models import Mensaje
from sif.mail.sending import send_due

__all__ = ["office"]


def test_the_acuse_goes_once_to_who_presented(campaign: Campaign, office: Office) -> None:
    keep_address(campaign.world.clerk, "olga@ejemplo.mx", "es-mx")
    send_due()
    office.taken.clear()
    informe = campaign.prepare(nil=True)
    act = campaign.present(informe)
    again = services.present(informe, campaign.officer.cer, "x", campaign.world.clerk, trust=campaign.trust)
    assert again == act and send_due() == {"enviado": 1}
    ((to, message),) = office.taken
    assert to == "olga@ejemplo.mx" and message["subject"] == f"Acuse del informe {informe.folio}"
    said = text_of(message)
    assert informe.folio in said and informe.contenido_sha256 in said and "/acuse/" in said
    assert "después del corte diario" in " ".join(said.split())


def test_who_gave_no_address_presents_as_before(campaign: Campaign, office: Office) -> None:
    assert campaign.present(campaign.prepare(nil=True)).hoja == 0
    assert not Mensaje.objects.filter(clase="acuse").exists()
