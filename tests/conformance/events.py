"""Reads security events as a recipient does that has never heard of Provost: polls a stream (RFC 8936), fetches the key
set, and lets a published library (PyJWT) verify signature, issuer and audience of each token (RFC 8417, RFC 9967).

    events.py SCIM_BASE_URL STREAM_JSON      the token of the SCIM provider comes in SCIM_TOKEN

STREAM_JSON is what `provost stream new --delivery poll --format full --json` printed. Exits with 1 when a check fails.
"""

import json
import os
import sys
import urllib.request

import jwt

URN = "urn:ietf:params:scim:event:"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def ask(method, url, token, body=None, **headers):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method)
    request.add_header("Authorization", f"Bearer {token}")
    if data is not None:
        request.add_header("Content-Type", "application/json")
    for name, value in headers.items():
        request.add_header(name, value)
    with urllib.request.urlopen(request, timeout=30) as response:
        text = response.read().decode()
        return response, json.loads(text) if text.startswith("{") else text


def check(condition, what):
    if not condition:
        sys.exit(f"events: {what}")


def main():
    scim, stream = sys.argv[1], json.loads(sys.argv[2])
    token = os.environ["SCIM_TOKEN"]
    root = scim.removesuffix("/scim/v2")
    name, stream_id, secret = stream["stream"]["name"], stream["stream"]["id"], stream["secret"]
    poll_url = f"{root}/events/v1/streams/{stream_id}/poll"
    keys = jwt.PyJWKClient(f"{root}/events/v1/jwks.json")

    def verified(set_, audience):
        header = jwt.get_unverified_header(set_)
        check(header["typ"] == "secevent+jwt", f"the type is {header['typ']}")
        claims = jwt.decode(
            set_,
            keys.get_signing_key_from_jwt(set_).key,
            algorithms=["ES256"],
            audience=audience,
            issuer=root,
            options={"require": ["iss", "iat", "jti", "aud"]},
        )
        # RFC 8417 §2.2 and RFC 9967 §2.1.
        check(claims["events"], "a token tells of no event")
        check("sub" not in claims and "exp" not in claims, "sub or exp is there")
        check(claims["sub_id"]["format"] == "scim", "the subject is of another format")
        return claims

    _, user = ask("POST", f"{scim}/Users", token, {"schemas": [USER], "userName": "set@example.com", "active": True})
    path = f"/Users/{user['id']}"
    operation = {"op": "replace", "path": "active", "value": False}
    ask("PATCH", scim + path, token, {"schemas": [PATCH], "Operations": [operation]})
    response, _ = ask("DELETE", scim + path, token, Prefer="respond-async")
    check(response.status == 202, f"an asynchronous request was answered {response.status}")
    txn = response.headers["Set-Txn"]

    told, ack = [], []
    while len(told) < 4:
        _, answer = ask("POST", poll_url, secret, {"ack": ack, "maxEvents": 2})
        check(answer["sets"], f"only {len(told)} events came")
        ack = list(answer["sets"])
        for jti, set_ in answer["sets"].items():
            claims = verified(set_, poll_url)
            check(claims["jti"] == jti, "a token is under another id")
            check(claims["sub_id"]["uri"] == path, f"the subject is {claims['sub_id']}")
            told.append(claims)
    _, answer = ask("POST", poll_url, secret, {"ack": ack, "returnImmediately": True})
    check(not answer["sets"], "an acknowledged event came again")

    kinds = [[uri.removeprefix(URN) for uri in claims["events"]] for claims in told]
    expected = [["prov:create:full"], ["prov:patch:full", "prov:deactivate"], ["prov:delete"], ["misc:asyncresp"]]
    check(kinds == expected, f"the events are {kinds}")
    check(told[3]["txn"] == told[2]["txn"] == txn, "the transaction is another one")

    _, set_ = ask("GET", response.headers["Location"], token)
    result = verified(set_, "conformance")["events"][f"{URN}misc:asyncresp"]
    check(result["status"] == "204", f"the result is {result}")
    print(f"conformance: {len(told) + 1} security events of {name} verified")


main()
