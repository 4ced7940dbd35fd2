"""A published OAuth client (Authlib) against the real server: client_secret_basic, client_secret_post, private_key_jwt.

Reads from the environment, so that no secret stands on a command line: BASE (the URL of the server), SECRET_ID and
SECRET (a client with a secret), KEY_ID and KEY_FILE (a client with a key: its private half, PEM). Ends with 0 when all
holds.
"""

import os

import httpx
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc.jwk import ECKey

base = os.environ["BASE"]
metadata = httpx.get(f"{base}/.well-known/oauth-authorization-server").raise_for_status().json()
assert metadata["issuer"] == base, metadata
endpoint = metadata["token_endpoint"]


def with_secret(method):
    return OAuth2Client(
        os.environ["SECRET_ID"],
        os.environ["SECRET"],
        scope="scim",
        token_endpoint_auth_method=method,
        revocation_endpoint_auth_method=method,
    )


def with_key():
    with open(os.environ["KEY_FILE"]) as file:
        key = ECKey.import_key(file.read())
    client = OAuth2Client(
        os.environ["KEY_ID"],
        key,
        scope="scim",
        token_endpoint_auth_method="private_key_jwt",
        revocation_endpoint_auth_method="private_key_jwt",
    )
    client.register_client_auth_method(PrivateKeyJWT(endpoint, alg="ES256"))
    return client


clients = {
    "client_secret_basic": lambda: with_secret("client_secret_basic"),
    "client_secret_post": lambda: with_secret("client_secret_post"),
    "private_key_jwt": with_key,
}
for method, make in clients.items():
    assert method in metadata["token_endpoint_auth_methods_supported"], metadata
    client = make()
    token = client.fetch_token(endpoint, grant_type="client_credentials")
    assert token["token_type"] == "Bearer" and token["scope"] == "scim", token.keys()
    users = client.get(f"{base}/scim/v2/Users")
    assert users.status_code == 200, (method, users.status_code, users.text)
    assert users.json()["totalResults"] == 1, users.text
    text = token["access_token"]
    asked = client.introspect_token(metadata["introspection_endpoint"], token=text)
    assert asked.status_code == 200 and asked.json()["active"] is True, (method, asked.text)
    assert asked.json()["client_id"] == client.client_id
    revoked = client.revoke_token(metadata["revocation_endpoint"], token=text)
    assert revoked.status_code == 200, (method, revoked.text)
    asked = client.introspect_token(metadata["introspection_endpoint"], token=text)
    assert asked.json() == {"active": False}, (method, asked.text)
    refused = httpx.get(f"{base}/scim/v2/Users", headers={"Authorization": f"Bearer {text}"})
    assert refused.status_code == 401, refused.status_code
    assert 'error="invalid_token"' in refused.headers["www-authenticate"]
    print(f"oauth: {method}: fetched, used, introspected, revoked")
