"""A certificate authority of a test's own, and keys such as push services give out."""

import datetime
import ipaddress
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

NOW = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class Authority:
    """`file`: its certificate, for SSL_CERT_FILE."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
        self._number = 0
        self.file = folder / "authority.pem"
        ca = x509.BasicConstraints(ca=True, path_length=None)
        self.file.write_bytes(_pem(self._signed(self._name, self._key, NOW + DAY, (ca, True))))

    def issue(self, host: str = "127.0.0.1", *, expired: bool = False) -> Path:
        """A certificate with its key in one file."""
        self._number += 1
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))])
        made = self._signed(name, key, NOW - DAY if expired else NOW + DAY, (alternative, False))
        file = self._folder / f"certificate {self._number}.pem"
        file.write_bytes(_pem(made) + private(key))
        return file

    def server_context(self, *, expired: bool = False, asks: bool = False) -> ssl.SSLContext:
        """For 127.0.0.1; `asks` for a certificate of the client's."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.issue(expired=expired))
        context.load_verify_locations(self.file)
        context.verify_mode = ssl.CERT_OPTIONAL if asks else ssl.CERT_NONE
        return context

    def _signed(
        self, name: x509.Name, key: Key, until: datetime.datetime, extension: tuple[x509.ExtensionType, bool]
    ) -> x509.Certificate:
        builder = x509.CertificateBuilder(self._name, name, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(until - 2 * DAY).not_valid_after(until)
        return builder.add_extension(extension[0], extension[1]).sign(self._key, hashes.SHA256())


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)


def private(key: Key) -> bytes:
    """As .p8 files and service accounts have it."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
