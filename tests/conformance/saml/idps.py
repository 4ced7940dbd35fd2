"""Three identity providers that none of us wrote, on loopback, with throw-away keys: saml-idp, pysaml2 and nanoidp.

`IDPS` names their classes. One is made from the service provider's metadata and a directory for its files, then started:

    with SamlIdp(sp, directory) as idp:
        idp.metadata()              # its metadata, as it serves it
        idp.tune(signs="response")  # what it signs from now on
        idp.restart(key="other")    # the same place and name, another key

`host` is the name by which browsers know it; `localhost` is another site than 127.0.0.1. Each has the same people (`PEOPLE`),
signs with RSA-SHA256 and can be asked for one of `SIGNS` where it `can` do it. Takes saml-idp from the directory NODE_MODULES
and the others from where its own Python is. Nothing here is a service provider or knows Provost.
"""

import datetime
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree

PATIENCE = 60
HERE = Path(__file__).resolve().parent
NAMESPACES = {"md": "urn:oasis:names:tc:SAML:2.0:metadata", "ds": "http://www.w3.org/2000/09/xmldsig#"}
EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
# What an identity provider may sign.
SIGNS = ("assertion", "response", "both")
CIPHERS = {
    "3des-cbc": "http://www.w3.org/2001/04/xmlenc#tripledes-cbc",
    "aes128-cbc": "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
    "aes256-cbc": "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
    "aes128-gcm": "http://www.w3.org/2009/xmlenc11#aes128-gcm",
    "aes256-gcm": "http://www.w3.org/2009/xmlenc11#aes256-gcm",
}

PEOPLE = {
    "ada@example.com": {"firstName": "Ada", "lastName": "Lovelace", "role": "writer", "teamKey": ["payments"]},
    "grace@example.com": {"firstName": "Grace", "lastName": "Hopper", "role": "reader", "teamKey": ["payments", "compilers"]},
    # Beyond ASCII, and with a character that XML escapes.
    "zoe@example.com": {"firstName": "Zoë", "lastName": "Müller & Søn", "role": "reader", "teamKey": []},
}
PASSWORD = "correct horse battery staple"


class ServiceProvider:
    """What a service provider's metadata says."""

    def __init__(self, metadata):
        self.metadata = metadata
        root = etree.fromstring(metadata)
        self.entity_id = root.get("entityID")
        [descriptor] = root.findall("md:SPSSODescriptor", NAMESPACES)
        self.signs_requests = descriptor.get("AuthnRequestsSigned") in ("true", "1")
        services = descriptor.findall("md:AssertionConsumerService", NAMESPACES)
        self.acs = services[0].get("Location")
        self.certificates = {}
        for key in descriptor.findall("md:KeyDescriptor", NAMESPACES):
            text = key.findtext(".//ds:X509Certificate", namespaces=NAMESPACES)
            for use in [key.get("use")] if key.get("use") else ["signing", "encryption"]:
                self.certificates.setdefault(use, pem("CERTIFICATE", "".join(text.split())))

    def encrypts(self):
        return "encryption" in self.certificates


def pem(label, base64_text):
    lines = [base64_text[at : at + 64] for at in range(0, len(base64_text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def make_key(directory, name):
    """A key and its certificate as files; the same ones when asked for the same name again."""
    key_file, certificate_file = directory / f"{name}.key.pem", directory / f"{name}.cert.pem"
    if not key_file.exists():
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"throw-away {name}")])
        now = datetime.datetime.now(datetime.timezone.utc)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=3650))
            .sign(key, hashes.SHA256())
        )
        certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        # saml-idp knows a key by the heading "RSA PRIVATE KEY".
        key_file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
            )
        )
    return key_file, certificate_file


class Idp:
    """A running identity provider. A subclass says how it is started and where its metadata is."""

    name = None
    # What it can be told to sign.
    can = SIGNS
    # With what it can encrypt.
    ciphers = ()
    # Whether its audience is whatever the request has as its issuer.
    audience_follows_request = False

    def __init__(self, sp, directory, host="127.0.0.1"):
        self.sp = sp
        self.directory = Path(directory).resolve()
        self.directory.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.base = f"http://{host}:{self.port}"
        self.key = "own"
        self.verifies = sp.signs_requests
        self.process = None
        self.log = self.directory / "log"
        self.started_in = None
        (self.directory / "sp.xml").write_bytes(sp.metadata)
        if "signing" in sp.certificates:
            (self.directory / "sp.pem").write_text(sp.certificates["signing"])

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        begun = time.monotonic()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                cwd=self.directory,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Its own group, so that what it starts ends with it.
                start_new_session=True,
            )
        deadline = begun + PATIENCE
        while True:
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended at once:\n{self.log.read_text(errors='replace')[-3000:]}")
            try:
                self.metadata()
                break
            except (urllib.error.URLError, ConnectionError):
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{self.name} did not start within {PATIENCE} s; its log is {self.log}") from None
                time.sleep(0.05)
        self.started_in = time.monotonic() - begun
        self.tune()

    def stop(self):
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process = None

    def restart(self, key=None, verifies=None):
        """Starts it anew at the same place, without what it was told by `tune`; nobody is signed in there any more."""
        self.stop()
        if key is not None:
            self.key = key
        if verifies is not None:
            self.verifies = verifies
        self.start()

    def get(self, path):
        with urllib.request.urlopen(self.base + path, timeout=PATIENCE) as answer:
            return answer.read()

    def post(self, path, fields):
        with urllib.request.urlopen(self.base + path, urlencode(fields).encode(), timeout=PATIENCE) as answer:
            return answer.read()

    def metadata(self):
        return self.get(self.metadata_path)

    def metadata_url(self):
        return self.base + self.metadata_path

    def environment(self):
        return {**os.environ, "HOME": str(self.directory)}

    def tune(self, signs="assertion", cipher=None, audience=None):
        """Says what it signs, with what it encrypts and for whom the assertion is (None: for whom it should be)."""
        raise NotImplementedError

    def idp_initiated(self):
        """Where a login begins that no service provider asked for; None where there is no such thing."""
        return None

    def fill(self, fields, person):
        """What a person enters into the form that has these fields; None for a form they leave alone."""
        if "password" in fields:
            return {**fields, "username": person, "password": PASSWORD}
        return None


class SamlIdp(Idp):
    """npm `saml-idp`: whoever comes says who they are. It verifies no requests."""

    name = "saml-idp"
    ciphers = ("aes256-cbc", "aes256-gcm")
    metadata_path = "/metadata"

    def __init__(self, sp, directory, host="127.0.0.1"):
        super().__init__(sp, directory, host)
        self.issuer = f"{self.base}/metadata"
        names = {name: name.startswith("teamKey") for person in PEOPLE.values() for name in person}
        claims = [
            {"id": name, "optional": True, "displayName": name, "description": name, "multiValue": many}
            for name, many in names.items()
        ]
        user = {"userName": "nobody@example.com", "nameIdFormat": EMAIL, **{name: "" for name in names}}
        (self.directory / "config.js").write_text(
            f"module.exports = {{ user: {json.dumps(user)}, metadata: {json.dumps(claims)} }};\n"
        )
        if sp.encrypts():
            certificate = x509.load_pem_x509_certificate(sp.certificates["encryption"].encode())
            public = certificate.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            (self.directory / "sp-encryption.cert.pem").write_text(sp.certificates["encryption"])
            (self.directory / "sp-encryption.key.pem").write_bytes(public)

    def command(self):
        key, certificate = make_key(self.directory, self.key)
        command = [
            *("node", "--no-deprecation", f"{os.environ['NODE_MODULES']}/saml-idp/bin/run.js"),
            *("--host", "127.0.0.1", "--port", str(self.port)),
            *("--key", key, "--cert", certificate, "--issuer", self.issuer),
            *("--acsUrl", self.sp.acs, "--audience", self.sp.entity_id),
            *("--configFile", self.directory / "config.js"),
        ]
        if self.sp.encrypts():
            command += ["--encryptionCert", self.directory / "sp-encryption.cert.pem"]
            command += ["--encryptionPublicKey", self.directory / "sp-encryption.key.pem"]
        return [str(word) for word in command]

    def environment(self):
        # It prefers these to its own arguments.
        return {name: value for name, value in super().environment().items() if name not in ("HOST", "PORT")}

    def tune(self, signs="assertion", cipher=None, audience=None):
        settings = {
            "signAssertion": signs != "response",
            "signResponse": signs != "assertion",
            "encryptAssertion": cipher is not None,
            # So that it takes CBC.
            "disallowEncryptionWithInsecureAlgorithm": False,
        }
        fields = {name: str(value).lower() for name, value in settings.items()}
        fields["encryptionAlgorithm"] = CIPHERS[cipher or "aes256-gcm"]
        self.post("/settings", {**fields, "audience": audience or self.sp.entity_id})

    def idp_initiated(self):
        return f"{self.base}/"

    def fill(self, fields, person):
        if "userName" not in fields:
            return None
        told = {name: ",".join(value) if isinstance(value, list) else value for name, value in PEOPLE[person].items()}
        return {**fields, "userName": person, "nameIdFormat": EMAIL, **told}


class Pysaml2(Idp):
    """PyPI `pysaml2`: its `saml2.server.Server` behind a small server of HTTP (`pysaml2_idp.py`)."""

    name = "pysaml2"
    ciphers = ("aes128-cbc", "aes256-gcm")
    metadata_path = "/metadata"

    def command(self):
        make_key(self.directory, self.key)
        return [sys.executable, str(HERE / "pysaml2_idp.py"), str(self.directory), self.base, self.key]

    def environment(self):
        return {**super().environment(), "VERIFIES": "1" if self.verifies else ""}

    def tune(self, signs="assertion", cipher=None, audience=None, hash="sha256"):
        self.post("/settings", {"signs": signs, "cipher": cipher or "", "audience": audience or "", "hash": hash})


class Nanoidp(Idp):
    """PyPI `nanoidp`: signs the assertion alone, and puts the signature last in it."""

    name = "nanoidp"
    can = ("assertion",)
    audience_follows_request = True
    # As its settings call it.
    c14n = "exc_c14n"
    metadata_path = "/saml/metadata"

    def command(self):
        config = self.directory / "config"
        config.mkdir(exist_ok=True)
        saml = {"default_acs_url": self.sp.acs, "sign_responses": True, "c14n_algorithm": self.c14n}
        if self.verifies:
            saml |= {"want_authn_requests_signed": True, "sp_certificates": [str(self.directory / "sp.pem")]}
        settings = {
            "config_version": 1,
            "server": {"host": "127.0.0.1", "port": self.port},
            "oauth": {"issuer": self.base, "audience": self.sp.entity_id, "clients": []},
            "saml": saml,
            "jwt": {"keys_dir": str(self.directory / f"keys-{self.key}")},
        }
        people = {
            person: {"password": PASSWORD, "email": person, "roles": ["USER"], "attributes": attributes}
            for person, attributes in PEOPLE.items()
        }
        # JSON is YAML.
        (config / "settings.yaml").write_text(json.dumps(settings))
        (config / "users.yaml").write_text(json.dumps({"config_version": 1, "users": people}))
        return [str(Path(sys.executable).parent / "nanoidp"), "--config", str(config), "--strict-config"]

    def tune(self, signs="assertion", cipher=None, audience=None):
        assert (signs, cipher, audience) == ("assertion", None, None), "nanoidp has no such settings"


IDPS = {idp.name: idp for idp in (SamlIdp, Pysaml2, Nanoidp)}
