"""Has the published identity providers answer a service provider that does not exist, and keeps what they say as fixtures.

    tests/conformance/saml/run                  # makes the environments
    PATH=$PWD/target/saml-venv/bin:$PATH NODE_MODULES=$PWD/target/saml-node/node_modules \\
        python tests/conformance/saml/capture.py

Writes tests/fixtures/saml anew, except its README and what is not of an identity provider: the README there says what is what.
"""

import base64
import datetime
import json
import os
import shutil
import tempfile
import zlib
from pathlib import Path
from urllib.parse import urlencode

from cryptography.hazmat.primitives import serialization
from lxml import etree

from idps import IDPS, NAMESPACES, PEOPLE, ServiceProvider, make_key
from walk import Browser, sign_in, with_other_issuer

TARGET = Path(__file__).resolve().parents[2] / "fixtures" / "saml"
ENTITY_ID = "https://sp.example/trust/saml2/metadata"
ACS = "https://sp.example/trust/saml2/acs"
REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"

SP_METADATA = """<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entity_id}">\
<md:SPSSODescriptor AuthnRequestsSigned="false" WantAssertionsSigned="true" \
protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="encryption">\
<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate>\
</ds:X509Data></ds:KeyInfo></md:KeyDescriptor>\
<md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>\
<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="{acs}" index="0" \
isDefault="true"/></md:SPSSODescriptor></md:EntityDescriptor>
"""
REQUEST = """<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="{id}" Version="2.0" \
IssueInstant="{instant}" Destination="{destination}" AssertionConsumerServiceURL="{acs}" \
ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"><saml:Issuer \
xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">{entity_id}</saml:Issuer></samlp:AuthnRequest>"""


def now():
    return datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def service_provider(work):
    """Its metadata; the private key goes to the fixtures, since it opens what is encrypted in them and nothing else."""
    key_file, certificate_file = make_key(work, "service-provider")
    key = serialization.load_pem_private_key(key_file.read_bytes(), None)
    (TARGET / "service-provider.key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    certificate = "".join(certificate_file.read_text().splitlines()[1:-1])
    metadata = SP_METADATA.format(entity_id=ENTITY_ID, acs=ACS, certificate=certificate)
    (TARGET / "service-provider.xml").write_text(metadata)
    return ServiceProvider(metadata.encode())


def login_url(idp, request_id):
    services = etree.fromstring(idp.metadata()).iterfind(".//md:SingleSignOnService", NAMESPACES)
    [destination] = [it.get("Location") for it in services if it.get("Binding") == REDIRECT]
    instant = now().strftime("%Y-%m-%dT%H:%M:%SZ")
    xml = REQUEST.format(id=request_id, instant=instant, destination=destination, acs=ACS, entity_id=ENTITY_ID)
    packer = zlib.compressobj(wbits=-15)
    packed = base64.b64encode(packer.compress(xml.encode()) + packer.flush())
    return f"{destination}?{urlencode({'SAMLRequest': packed, 'RelayState': '/account'})}"


class Recorder:
    def __init__(self, idp):
        self.idp = idp
        self.directory = TARGET / idp.name
        self.directory.mkdir()
        (self.directory / "metadata.xml").write_bytes(idp.metadata())
        self.entity_id = etree.fromstring(idp.metadata()).get("entityID")
        self.count = 0

    def record(self, name, person="ada@example.com", fails=None, start=None, alter=None):
        """One Response, and what is to become of it: accepted, or the check of `fails` is the first that does not hold."""
        request_id = f"_{self.idp.name}-{name}"
        url = start or login_url(self.idp, request_id)
        url = alter(url) if alter else url
        walk = sign_in(Browser(), "https://sp.example", self.idp, person, start=url, deliver=False)
        assert walk.saml_response, f"{self.idp.name} {name}: no Response: {walk.told()}"
        (self.directory / f"{name}.xml").write_bytes(walk.response())
        expected = {
            "idp_entity_id": self.entity_id,
            "acs_url": ACS,
            "sp_entity_id": ENTITY_ID,
            "request_id": request_id,
            "now": now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            "first_failure": fails,
            "name_id": person,
            # What is empty is sent by some as nothing and by others as an empty value.
            "attributes": {
                attribute: value if isinstance(value, list) else [value]
                for attribute, value in PEOPLE[person].items()
                if value
            },
        }
        (self.directory / f"{name}.json").write_text(json.dumps(expected, indent=2, ensure_ascii=False) + "\n")
        self.count += 1


def good(recorder, idp):
    for signs in idp.can:
        for cipher in (None, *idp.ciphers):
            idp.tune(signs=signs, cipher=cipher)
            recorder.record(f"signed_{signs}" + (f"_{cipher.replace('-', '_')}" if cipher else ""))
    idp.tune()
    recorder.record("several_values", "grace@example.com")
    recorder.record("beyond_ascii", "zoe@example.com")


def bad(recorder, idp):
    other = "https://sp.example/another/service"
    if idp.audience_follows_request:
        recorder.record("other_audience", fails="audience", alter=lambda url: with_other_issuer(url, other))
    else:
        idp.tune(audience=other)
        recorder.record("other_audience", fails="audience")
        idp.tune()
    if idp.idp_initiated():
        recorder.record("unsolicited", fails="in_response_to", start=idp.idp_initiated())
    if idp.name == "pysaml2":
        idp.tune(hash="sha512")
        recorder.record("sha512")
        idp.tune(hash="sha1")
        recorder.record("sha1", fails="assertion_signature")
        # What it takes unasked.
        idp.tune(cipher="3des-cbc")
        recorder.record("triple_des", fails="decryption")
    if idp.name == "nanoidp":
        idp.c14n = "c14n"
        idp.restart()
        recorder.record("inclusive_c14n", fails="assertion_signature")
        idp.c14n = type(idp).c14n
    idp.restart(key="other")
    recorder.record("other_key", fails="assertion_signature")


def main():
    TARGET.mkdir(parents=True, exist_ok=True)
    for name in IDPS:
        shutil.rmtree(TARGET / name, ignore_errors=True)
    work = Path(tempfile.mkdtemp())
    try:
        sp = service_provider(work)
        for name, make in IDPS.items():
            with make(sp, work / name) as idp:
                recorder = Recorder(idp)
                good(recorder, idp)
                bad(recorder, idp)
            print(f"capture: {recorder.count} Responses of {name}")
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    assert "NODE_MODULES" in os.environ, "NODE_MODULES is the directory with saml-idp"
    main()
