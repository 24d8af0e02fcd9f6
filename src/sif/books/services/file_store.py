"""Store the bytes of files by SHA-256 in a folder or in any S3 store."""

import hashlib
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from urllib.parse import urlsplit

from django.conf import settings

from sif.registry.files import NotAFile, digest_of, open_regular, take_over, write_whole

SAMPLE = "SIF: muestra de la revisión de la instalación\n".encode()


class FileChanged(ValueError):
    """The bytes kept are no longer those that name them."""

    def __init__(self, sha256: str) -> None:
        super().__init__(f"El archivo {sha256[:16]}… ya no es el que se guardó. Recupérelo del respaldo.")


class FileMissing(FileChanged, FileNotFoundError):
    """The bytes of a file that a record names are not there."""

    def __init__(self, sha256: str) -> None:
        ValueError.__init__(self, f"El archivo {sha256[:16]}… no está donde se guardó. Recupérelo del respaldo.")


class Almacen(Protocol):
    """A store of whole files by digest. Putting a file that is there changes nothing."""

    def has(self, sha256: str) -> bool:
        """Return whether it is there."""

    def put(self, sha256: str, source: bytes | Path) -> None:
        """Keep it whole or not at all; on return it is safe on disk or in the store.

        A path is of a file that is whole, that nobody writes any more, and whose own name its caller deletes.
        """

    def open(self, sha256: str) -> BinaryIO:
        """Its bytes as a stream. Raises FileNotFoundError."""


class Carpeta:
    """Files in a folder, in sub-folders by the first byte of their digest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path_of(self, sha256: str) -> Path:
        """Return the path of a file."""
        return self.folder / sha256[:2] / sha256[2:]

    def has(self, sha256: str) -> bool:
        """Return whether it is there."""
        path = self.path_of(sha256)
        return path.is_file() and not path.is_symlink()

    def put(self, sha256: str, source: bytes | Path) -> None:
        """Write beside its place, or take over a file, wait for the disk, then give it its name; bytes that changed are
        put right."""
        path = self.path_of(sha256)
        if self.has(sha256) and digest_of(path, links=False) == sha256:
            return
        if isinstance(source, Path):
            take_over(path, source)
        else:
            write_whole(path, source)

    def open(self, sha256: str) -> BinaryIO:
        """Its bytes as a stream. Raises FileNotFoundError, and FileChanged where what is there is no file."""
        try:
            return open_regular(self.path_of(sha256))
        except NotAFile as other:
            raise FileChanged(sha256) from other


class Cubo:
    """Files in a bucket of a store that speaks S3; the server checks the SHA-256 of what it receives."""

    def __init__(self, address: str) -> None:
        try:
            import boto3
        except ImportError as missing:
            raise RuntimeError("SIF_ARCHIVOS pide S3 y falta boto3. Instale sif-abierto[s3].") from missing
        place = urlsplit(address)
        self.bucket, self.prefix = place.netloc, place.path.strip("/")
        self.client: Any = boto3.client("s3")

    def _key(self, sha256: str) -> str:
        return "/".join(part for part in (self.prefix, sha256[:2], sha256[2:]) if part)

    def has(self, sha256: str) -> bool:
        """Return whether it is there."""
        from botocore.exceptions import ClientError

        try:
            self.client.head_object(Bucket=self.bucket, Key=self._key(sha256))
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return False
            raise
        return True

    def put(self, sha256: str, source: bytes | Path) -> None:
        """One request for what fits in memory, several for a long file; the object appears only when whole.

        An object that is there is read: bytes that changed are put right.
        """
        if self.has(sha256) and self._is_whole(sha256):
            return
        if isinstance(source, bytes):
            self.client.put_object(Bucket=self.bucket, Key=self._key(sha256), Body=source, ChecksumAlgorithm="SHA256")
        else:
            self.client.upload_file(
                str(source), self.bucket, self._key(sha256), ExtraArgs={"ChecksumAlgorithm": "SHA256"}
            )

    def _is_whole(self, sha256: str) -> bool:
        file: Any = self.open(sha256)
        with file:
            return bool(hashlib.file_digest(file, "sha256").hexdigest() == sha256)

    def open(self, sha256: str) -> BinaryIO:
        """Its bytes as a stream, through a temporary file so that it can be read anywhere. Raises FileNotFoundError."""
        from botocore.exceptions import ClientError

        file = tempfile.TemporaryFile()  # noqa: SIM115 - handed over open
        try:
            self.client.download_fileobj(self.bucket, self._key(sha256), file)
        except ClientError as error:
            file.close()
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                raise FileNotFoundError(sha256) from error
            raise
        file.seek(0)
        return file


@cache
def almacen_of(address: str) -> Almacen:
    """Return the store at an address, made once."""
    return Cubo(address) if address.startswith("s3://") else Carpeta(Path(address))


def almacen() -> Almacen:
    """Return the store of this installation: SIF_ARCHIVOS (s3://bucket/prefix, or a folder), or its folder of data."""
    return almacen_of(settings.ARCHIVOS or str(settings.DATOS / "archivos"))


def store_problem() -> str:
    """Write and read a sample in the store of this installation; returns what failed, empty when it works."""
    address = settings.ARCHIVOS
    if address.startswith("s3://"):
        return _bucket_problem(address)
    folder = Path(address or settings.DATOS / "archivos")
    if address and not folder.is_dir():
        return f"No está la carpeta {folder}"
    try:
        folder.mkdir(exist_ok=True)
        write_sample(folder)
    except OSError as failed:
        return f"No se puede escribir en {folder} ({failed.strerror})"
    return ""


def write_sample(folder: Path) -> None:
    """Write a file in a folder, down to its disk, and leave nothing of it. Raises OSError."""
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".revision-") as file:
        file.write(SAMPLE)
        file.flush()
        os.fsync(file.fileno())


def _bucket_problem(address: str) -> str:
    """As `store_problem`, in a bucket; its sample stays: a store of evidence may forbid erasing."""
    try:
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError:
        return "Falta boto3: instale sif-abierto[s3]"
    try:
        store = almacen_of(address)
        store.put(hashlib.sha256(SAMPLE).hexdigest(), SAMPLE)
        with store.open(hashlib.sha256(SAMPLE).hexdigest()) as file:
            return "" if file.read() == SAMPLE else f"{address} no devuelve lo que se le guarda"
    except (BotoCoreError, ClientError, OSError, ValueError) as failed:
        return f"{address} no guarda: {failed}"


def _kept(sha256: str) -> Any:
    try:
        return almacen().open(sha256)
    except FileNotFoundError as absent:
        raise FileMissing(sha256) from absent


def read_file(sha256: str) -> bytes:
    """Return the bytes of a stored file, checked against the SHA-256 that names it. Raises FileChanged, FileMissing."""
    with _kept(sha256) as file:
        data: bytes = file.read()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise FileChanged(sha256)
    return data


def open_file(sha256: str) -> BinaryIO:
    """Return a stored file as a stream from its beginning, once checked against its SHA-256. Raises as `read_file`."""
    file: Any = _kept(sha256)
    if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
        file.close()
        raise FileChanged(sha256)
    file.seek(0)
    stream: BinaryIO = file
    return stream
