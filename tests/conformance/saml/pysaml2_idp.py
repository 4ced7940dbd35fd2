"""pysaml2 as an identity provider: `saml2.server.Server` behind a server of HTTP, on loopback, for one service provider.

    python pysaml2_idp.py DIRECTORY BASE KEY

BASE is its URL, `http://HOST:PORT`. DIRECTORY has `sp.xml` (the service provider's metadata), `KEY.key.pem` and
`KEY.cert.pem`. VERIFIES, when set to anything, has requests without a good signature refused. `POST /settings` changes what is
signed (`signs`: assertion, response, both), the encryption (`cipher`: empty, or a name of `CIPHERS`), the audience (`audience`:
empty for the right one) and the hash of signatures and digests (`hash`: sha1, sha256, sha512).
"""

import html
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import saml2.entity
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, xmldsig
from saml2.authn_context import PASSWORDPROTECTEDTRANSPORT
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAME_FORMAT_BASIC, NAMEID_FORMAT_EMAILADDRESS, NameID
from saml2.server import Server
from saml2.sigver import get_xmlsec_binary

from idps import CIPHERS, PASSWORD, PEOPLE

# What xmlsec1 calls the keys of the ciphers. pysaml2 has no setting for the cipher; 3DES is what it takes unasked.
SESSION_KEYS = {"3des": "des-192", "aes128": "aes-128", "aes256": "aes-256"}

directory, base, key = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
config = IdPConfig().load(
    {
        "entityid": f"{base}/metadata",
        "description": "pysaml2 of the conformance run",
        "xmlsec_binary": get_xmlsec_binary(),
        "key_file": str(directory / f"{key}.key.pem"),
        "cert_file": str(directory / f"{key}.cert.pem"),
        "signing_algorithm": xmldsig.SIG_RSA_SHA256,
        "digest_algorithm": xmldsig.DIGEST_SHA256,
        "metadata": {"local": [str(directory / "sp.xml")]},
        "service": {
            "idp": {
                "name": "pysaml2 of the conformance run",
                "endpoints": {
                    "single_sign_on_service": [(f"{base}/sso", BINDING_HTTP_REDIRECT), (f"{base}/sso", BINDING_HTTP_POST)]
                },
                "want_authn_requests_signed": bool(os.environ.get("VERIFIES")),
                "name_id_format": [NAMEID_FORMAT_EMAILADDRESS],
                "policy": {"default": {"lifetime": {"minutes": 15}, "name_form": NAME_FORMAT_BASIC}},
            }
        },
    }
)
server = Server(config=config)
UNTUNED = {"signs": "assertion", "cipher": "", "audience": "", "hash": "sha256"}
settings = dict(UNTUNED)

plain_encryption_part = saml2.entity.pre_encryption_part
plain_encrypt = server.sec.encrypt_assertion


def encryption_part(**given):
    return plain_encryption_part(**given, msg_enc=CIPHERS[settings["cipher"]])


def encrypt(statement, enc_key, template, key_type=None, node_xpath=None):
    session_key = SESSION_KEYS[settings["cipher"].split("-")[0]]
    return plain_encrypt(statement, enc_key, template, session_key, node_xpath)


saml2.entity.pre_encryption_part = encryption_part
server.sec.encrypt_assertion = encrypt

PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body><h1>{title}</h1>{body}</body></html>"""


def hidden(fields):
    pairs = ((html.escape(name), html.escape(value)) for name, value in fields.items())
    return "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in pairs)


def login_page(request, error=""):
    told = f'<p role="alert">{html.escape(error)}</p>' if error else ""
    body = f"""{told}<form method="post" action="/login">{hidden(request)}
<label for="username">User</label><input id="username" name="username">
<label for="password">Password</label><input id="password" name="password" type="password">
<button id="sign-in">Sign in</button></form>"""
    return PAGE.format(title="Sign in", body=body)


def parse(request):
    """The request, verified once more when the form comes back: what stands in the form is not to be trusted."""
    binding = BINDING_HTTP_REDIRECT if request["binding"] == "redirect" else BINDING_HTTP_POST
    signed = {}
    if binding == BINDING_HTTP_REDIRECT and "Signature" in request:
        signed = {
            "relay_state": request.get("RelayState"),
            "sigalg": request.get("SigAlg"),
            "signature": request.get("Signature"),
        }
    return server.parse_authn_request(request["SAMLRequest"], binding, **signed).message


def answer(request, person):
    arguments = server.response_args(parse(request))
    audience = settings["audience"] or arguments["sp_entity_id"]
    attributes = {name: value for name, value in PEOPLE[person].items() if value}
    wanted = {
        "sign_assertion": settings["signs"] != "response",
        "sign_response": settings["signs"] != "assertion",
        "encrypt_assertion": bool(settings["cipher"]),
        "sign_alg": getattr(xmldsig, f"SIG_RSA_{settings['hash'].upper()}"),
        "digest_alg": getattr(xmldsig, f"DIGEST_{settings['hash'].upper()}"),
    }
    response = server.create_authn_response(
        attributes,
        arguments["in_response_to"],
        arguments["destination"],
        audience,
        name_id=NameID(format=NAMEID_FORMAT_EMAILADDRESS, text=person),
        authn={"class_ref": PASSWORDPROTECTEDTRANSPORT, "authn_auth": f"{base}/metadata"},
        **wanted,
    )
    sent = server.apply_binding(
        BINDING_HTTP_POST, str(response), arguments["destination"], request.get("RelayState", ""), response=True
    )
    return sent["data"]


class Handler(BaseHTTPRequestHandler):
    def show(self, page, status=200, kind="text/html; charset=utf-8"):
        body = page.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_it(self, fields):
        path = urlsplit(self.path).path
        try:
            if path == "/metadata":
                self.show(str(entity_descriptor(config)), kind="application/samlmetadata+xml")
            elif path == "/sso":
                fields["binding"] = "redirect" if self.command == "GET" else "post"
                parse(fields)
                self.show(login_page(fields))
            elif path == "/login" and self.command == "POST":
                person, password = fields.pop("username", ""), fields.pop("password", "")
                if person in PEOPLE and password == PASSWORD:
                    self.show(answer(fields, person))
                else:
                    self.show(login_page(fields, "The user or the password is wrong."), 401)
            elif path == "/settings" and self.command == "POST":
                settings.update({**UNTUNED, **fields})
                self.show("")
            else:
                self.show(PAGE.format(title="Not found", body=""), 404)
        except Exception as error:  # pysaml2 raises whatever it likes for a bad request
            self.show(PAGE.format(title="Refused", body=html.escape(repr(error))), 400)
            raise

    def do_GET(self):
        self.handle_it(single(urlsplit(self.path).query))

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        self.handle_it(single(self.rfile.read(length).decode()))


def single(encoded):
    return {name: values[0] for name, values in parse_qs(encoded, keep_blank_values=True).items()}


ThreadingHTTPServer(("127.0.0.1", urlsplit(base).port), Handler).serve_forever()
