"""Signs people in at the real server through three published identity providers, and sees bad sign-ins refused.

Reads from the environment: BINARY, BASE (the URL of the server), PRESET (for the words printed), OWNER and PASSWORD (of the
owner), WORK (a directory), NODE_MODULES. Ends with 0 when all holds.
"""

import os
import time
from pathlib import Path

import requests

from idps import IDPS, ServiceProvider
from provost import Provost
from walk import ACCOUNT, METADATA, Browser, origin_of, sign_in, with_other_issuer

BASE = os.environ["BASE"]
PRESET = os.environ["PRESET"]
WORK = Path(os.environ["WORK"])
PERSON = "ada@example.com"
# How the metadata comes to the server: read from a file or fetched.
BY_URL = {"pysaml2"}
ABROAD = ("https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example/")

provost = Provost(os.environ["BINARY"], os.environ["OWNER"], os.environ["PASSWORD"])


def signed_in(walk, browser, person=PERSON):
    assert walk.status == 200 and walk.url == BASE + ACCOUNT, f"ended at {walk.url} with {walk.status}: {walk.told()}"
    assert walk.answer_status in (200, 302, 303), walk.answer_status
    assert person in walk.text, f"{person} is not on the page: {walk.told()}"
    assert walk.answer_cookies, "no session cookie was set"
    assert person in browser.account(BASE).text, "the session did not last"


def refused(walk, browser, why):
    assert walk.saml_response, f"{why}: no Response came: {walk.pages[-1]} {walk.told()}"
    assert walk.answer_status is not None and 400 <= walk.answer_status < 500, f"{why}: answered {walk.answer_status}"
    nobody(browser, why)


def nobody(browser, why):
    account = browser.account(BASE)
    assert PERSON not in account.text, f"{why}: somebody is signed in: {account.status_code} {account.url}"


def configure(idp):
    if idp.name in BY_URL:
        provost.configure(idp.metadata_url())
    else:
        file = WORK / f"{idp.name}.xml"
        file.write_bytes(idp.metadata())
        provost.configure(file)


def test_drive(idp):
    """Every check passes, and nobody is signed in by it."""
    browser, walks = Browser(), []
    code, told = provost.test(lambda url: walks.append(sign_in(browser, BASE, idp, PERSON, start=url)))
    [walk] = walks
    assert walk.saml_response, f"the test-drive got no Response: {walk.told()}"
    assert code == 0, f"the test-drive ended with {code}: {told}"
    nobody(browser, "after a test-drive")


def good(idp):
    """Every way to sign and to encrypt."""
    count = 0
    for signs in idp.can:
        for cipher in (None, *(idp.ciphers if idp.sp.encrypts() else ())):
            idp.tune(signs=signs, cipher=cipher)
            browser = Browser()
            walk = sign_in(browser, BASE, idp, PERSON)
            try:
                signed_in(walk, browser)
            except AssertionError as error:
                raise AssertionError(f"{idp.name} signs {signs}, encrypts with {cipher}: {error}") from None
            count += 1
    idp.tune()
    return count


def bad(idp):
    """What must not sign anybody in."""
    browser = Browser()
    walk = sign_in(browser, BASE, idp, PERSON)
    signed_in(walk, browser)
    again = browser.post_response(BASE, walk.saml_response)
    assert 400 <= again.status_code < 500, f"a Response that comes twice: {again.status_code}"
    stranger = Browser()
    stranger.post_response(BASE, walk.saml_response)
    nobody(stranger, "a Response that comes twice, from another browser")

    # A Response that has not been used, from a browser that did not ask for it: login CSRF.
    asked, stranger = Browser(), Browser()
    unused = sign_in(asked, BASE, idp, PERSON, deliver=False).saml_response
    answer = stranger.post_response(BASE, unused)
    assert 400 <= answer.status_code < 500, f"a Response of another browser: {answer.status_code}"
    nobody(stranger, "a Response of another browser")
    # That did not use it up.
    asked.post_response(BASE, unused)
    assert PERSON in asked.account(BASE).text, "a stranger's attempt used up a Response"

    browser = Browser()
    audience = f"{BASE}/another/service"
    if idp.audience_follows_request:
        # It cannot be had where requests are verified.
        idp.restart(verifies=False)
        walk = sign_in(browser, BASE, idp, PERSON, alter=lambda url: with_other_issuer(url, audience))
        idp.restart(verifies=idp.sp.signs_requests)
    else:
        idp.tune(audience=audience)
        walk = sign_in(browser, BASE, idp, PERSON)
        idp.tune()
    refused(walk, browser, "another audience")

    if idp.idp_initiated():
        browser = Browser()
        walk = sign_in(browser, BASE, idp, PERSON, start=idp.idp_initiated())
        refused(walk, browser, "a Response that nobody asked for")

    for target in ABROAD:
        try:
            walk = sign_in(Browser(), BASE, idp, PERSON, relay_state=target)
        except requests.ConnectionError as error:
            raise AssertionError(f"a RelayState of {target} led abroad: {error}") from None
        assert origin_of(walk.url) == BASE, f"a RelayState of {target} led to {walk.url}"

    idp.restart(key="other")
    browser = Browser()
    walk = sign_in(browser, BASE, idp, PERSON)
    refused(walk, browser, "another key")
    # Until the metadata tells of it: not while everybody signs in by the one that was tried.
    provost.disable()
    configure(idp)
    test_drive(idp)
    provost.enable()
    browser = Browser()
    walk = sign_in(browser, BASE, idp, PERSON)
    signed_in(walk, browser)


def main():
    provost.keep_for_recovery()
    sp = ServiceProvider(Browser().get(BASE + METADATA).content)
    assert sp.acs.startswith(BASE), f"the ACS {sp.acs} is not at {BASE}"
    for name, make in IDPS.items():
        begun = time.monotonic()
        with make(sp, WORK / name) as idp:
            configure(idp)
            test_drive(idp)
            provost.enable()
            count = good(idp)
            bad(idp)
            provost.disable()
            provost.show()
        print(f"saml: {name} under {PRESET}: {count} ways to sign in, and the bad ones refused, {time.monotonic() - begun:.1f} s")


main()
