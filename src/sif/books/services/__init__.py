"""Write in the books: catalogues, pólizas, evidence, invoices and drafts."""

from sif.books.services.borradores import BorradorConflict, discard_borrador, post_borrador, save_borrador
from sif.books.services.bulk import PolizaRefused, Posted, post_stream
from sif.books.services.catalogos import load_catalogs
from sif.books.services.cfdi import Reception, receive_cfdi, receive_many
from sif.books.services.cuentas import NewAccount, add_account
from sif.books.services.estatus import StatusLoad, ask_sat, load_status, require_service
from sif.books.services.evidencias import (
    Handed,
    attach_evidencia,
    attach_to_many,
    file_of,
    store_file,
    store_files,
    store_path,
    void_evidencia,
)
from sif.books.services.file_store import FileChanged, open_file, read_file
from sif.books.services.inbox_decisions import Accepted, accept_many, bring_back, set_aside
from sif.books.services.plantillas import rename_plantilla, retire_plantilla, save_plantilla
from sif.books.services.polizas import post_many, post_poliza, reverse_poliza
from sif.books.services.propuestas import Proposal
from sif.books.services.propuestas_tipos import propose_many, propose_poliza
from sif.books.services.soporte import NewAportacion, NewEvidencia, NewLado, NewPago, NewTransfer, Support
from sif.books.services.sustituciones import Correction, Rerecorded, rerecord
from sif.books.services.transferencias import transfer
from sif.books.services.uploads import (
    PieceTooLong,
    WrongOffset,
    begin_upload,
    discard_upload,
    receive_piece,
    upload_of,
)

__all__ = [
    "Accepted",
    "BorradorConflict",
    "Correction",
    "FileChanged",
    "Handed",
    "NewAccount",
    "NewAportacion",
    "NewEvidencia",
    "NewLado",
    "NewPago",
    "NewTransfer",
    "PieceTooLong",
    "PolizaRefused",
    "Posted",
    "Proposal",
    "Reception",
    "Rerecorded",
    "StatusLoad",
    "Support",
    "WrongOffset",
    "accept_many",
    "add_account",
    "ask_sat",
    "attach_evidencia",
    "attach_to_many",
    "begin_upload",
    "bring_back",
    "discard_borrador",
    "discard_upload",
    "file_of",
    "load_catalogs",
    "load_status",
    "open_file",
    "post_borrador",
    "post_many",
    "post_poliza",
    "post_stream",
    "propose_many",
    "propose_poliza",
    "read_file",
    "receive_cfdi",
    "receive_many",
    "receive_piece",
    "rename_plantilla",
    "require_service",
    "rerecord",
    "retire_plantilla",
    "reverse_poliza",
    "save_borrador",
    "save_plantilla",
    "set_aside",
    "store_file",
    "store_files",
    "store_path",
    "transfer",
    "upload_of",
    "void_evidencia",
]
