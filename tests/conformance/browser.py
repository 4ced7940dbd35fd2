"""A real browser on the authorization page: signed in, allowed, denied, refused.

Reads from the environment, so that no secret stands on a command line: BASE (the URL of the server), CLIENT_ID and
CLIENT_SECRET, REDIRECT_URI (on this computer; this program listens there), PASSWORD (of owner@example.com), PROFILE (a
directory for the browser), and PROVOST_SCREENSHOTS (a directory, if pictures are wanted). Ends with 0 when all holds.
"""

import base64
import hashlib
import json
import os
import secrets
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

BASE = os.environ["BASE"]
CLIENT = os.environ["CLIENT_ID"]
SECRET = os.environ["CLIENT_SECRET"]
REDIRECT = os.environ["REDIRECT_URI"]
PATIENCE = 30


class Callback(BaseHTTPRequestHandler):
    """Where the identity provider would be."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(b"back at the identity provider")

    def log_message(self, *_):
        pass


def pkce():
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    return verifier, base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def authorize(**changes):
    parameters = {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": REDIRECT,
        "scope": "scim",
        "state": "a state & more",
    }
    parameters.update(changes)
    given = {name: value for name, value in parameters.items() if value is not None}
    return f"{BASE}/trust/oauth/authorize?{urlencode(given)}"


def ask(url, parameters=None, bearer=None):
    """One request; the status and the document."""
    data = urlencode(parameters).encode() if parameters else None
    request = urllib.request.Request(url, data=data)
    if parameters:
        pair = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        request.add_header("Authorization", f"Basic {pair}")
    if bearer:
        request.add_header("Authorization", f"Bearer {bearer}")
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def exchange(code, verifier, redirect=REDIRECT):
    parameters = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect}
    if verifier:
        parameters["code_verifier"] = verifier
    return ask(f"{BASE}/trust/oauth/token", parameters)


options = Options()
options.binary_location = "/usr/bin/chromium"
for flag in (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--no-proxy-server",
    "--window-size=900,1000",
    f"--user-data-dir={os.environ['PROFILE']}",
):
    options.add_argument(flag)
# The page has to work without a script.
options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})

listening = urlsplit(REDIRECT)
callback = HTTPServer((listening.hostname, listening.port), Callback)
threading.Thread(target=callback.serve_forever, daemon=True).start()
browser = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
browser.set_page_load_timeout(PATIENCE)
# A page may go between finding a part of it and reading that part: then it is looked for again.
wait = WebDriverWait(
    browser, PATIENCE, ignored_exceptions=(NoSuchElementException, StaleElementReferenceException)
)


def picture(name):
    directory = os.environ.get("PROVOST_SCREENSHOTS")
    if directory:
        browser.save_screenshot(os.path.join(directory, f"{name}.png"))


def heading():
    return browser.find_element(By.TAG_NAME, "h1").text


def press(decision):
    browser.find_element(By.CSS_SELECTOR, f"button[value={decision}]").click()


def sign_in(password=os.environ["PASSWORD"]):
    email = browser.find_element(By.ID, "email")
    email.clear()
    email.send_keys("owner@example.com")
    browser.find_element(By.ID, "password").send_keys(password)
    press("sign_in")


def answered():
    """What the identity provider got."""
    wait.until(lambda it: it.current_url.startswith(REDIRECT))
    found = parse_qs(urlsplit(browser.current_url).query)
    assert found["state"] == ["a state & more"], found
    assert found["iss"] == [BASE], found
    return found


def allowed():
    """Signs in and allows; the code and its verifier."""
    verifier, challenge = pkce()
    browser.get(authorize(code_challenge=challenge, code_challenge_method="S256"))
    sign_in()
    wait.until(lambda _: heading().startswith("Connect okta"))
    press("allow")
    return answered()["code"][0], verifier


try:
    verifier, challenge = pkce()
    good = {"code_challenge": challenge, "code_challenge_method": "S256"}

    # A redirect URI that is not registered: the person is told, and sent nowhere.
    browser.get(authorize(**good, redirect_uri=f"{REDIRECT}/other"))
    assert heading() == "This cannot go on", browser.page_source
    assert browser.current_url.startswith(BASE), browser.current_url
    picture("wrong-redirect-uri")
    print("browser: a wrong redirect URI is refused")

    # No PKCE: the client is told.
    browser.get(authorize())
    assert answered()["error"] == ["invalid_request"]
    print("browser: a request without PKCE is refused")

    # A wrong password, then Cancel.
    browser.get(authorize(**good))
    assert heading() == "Sign in to connect okta", heading()
    for field in ("email", "password"):
        assert browser.find_element(By.CSS_SELECTOR, f"label[for={field}]").is_displayed()
    picture("sign-in")
    sign_in("not the password")
    wait.until(lambda it: it.find_elements(By.CSS_SELECTOR, "[role=alert]"))
    picture("wrong-password")
    press("deny")
    assert answered()["error"] == ["access_denied"]
    print("browser: a wrong password is refused, and Cancel tells the client")

    # Signed in and denied.
    browser.get(authorize(**good))
    sign_in()
    wait.until(lambda _: heading().startswith("Connect okta"))
    picture("consent")
    press("deny")
    assert answered()["error"] == ["access_denied"]
    print("browser: Deny tells the client")

    # Allowed, with the wrong and without a verifier, and then the right one.
    code, verifier = allowed()
    picture("back")
    status, told = exchange(code, None)
    assert (status, told["error"]) == (400, "invalid_request"), told
    status, told = exchange(code, "another-verifier-that-is-long-enough-0123456789")
    assert (status, told["error"]) == (400, "invalid_grant"), told
    status, told = exchange(code, verifier, f"{REDIRECT}/other")
    assert (status, told["error"]) == (400, "invalid_grant"), told
    status, tokens = exchange(code, verifier)
    assert status == 200, tokens
    print("browser: a code is exchanged with its verifier alone")

    for path in ("/scim/v2", "/trust/scim/v2"):
        status, users = ask(f"{BASE}{path}/Users", bearer=tokens["access_token"])
        assert status == 200 and users["totalResults"] == 1, users
    print("browser: the token works on /scim/v2")

    # The code again: refused, and what it gave has ended.
    status, told = exchange(code, verifier)
    assert (status, told["error"]) == (400, "invalid_grant"), told
    status, _ = ask(f"{BASE}/scim/v2/Users", bearer=tokens["access_token"])
    assert status == 401, status
    print("browser: a code that comes twice is refused, and its token with it")

    code, verifier = allowed()
    status, tokens = exchange(code, verifier)
    refresh = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    status, renewed = ask(f"{BASE}/trust/oauth/token", refresh)
    assert status == 200, renewed
    status, _ = ask(f"{BASE}/scim/v2/Users", bearer=renewed["access_token"])
    assert status == 200, status
    print("browser: a refresh token gives another token")

    # The pages for people: refused, signed in, seen, signed out.
    def log_in(email):
        browser.get(f"{BASE}/login")
        browser.find_element(By.ID, "email").send_keys(email)
        browser.find_element(By.ID, "password").send_keys(os.environ["PASSWORD"])
        browser.find_element(By.CSS_SELECTOR, "button[type=submit]").click()

    # Another name: of the owner five attempts a minute are taken, and the steps above needed four.
    log_in("nobody@example.com")
    wait.until(lambda it: it.find_elements(By.CSS_SELECTOR, "[role=alert]"))
    for field in ("email", "password"):
        described = browser.find_element(By.ID, field).get_attribute("aria-describedby")
        assert browser.find_element(By.ID, described).is_displayed()
    picture("login-refused")
    log_in("owner@example.com")
    wait.until(lambda it: it.current_url == f"{BASE}/account")
    wait.until(lambda it: "owner@example.com" in it.find_element(By.TAG_NAME, "main").text)
    style = browser.find_element(By.TAG_NAME, "main").value_of_css_property("max-width")
    assert style != "none", "the style sheet is not loaded"
    session = browser.get_cookie("provost_session")
    assert session["httpOnly"] and session["sameSite"] == "Lax", session
    picture("account")
    browser.find_elements(By.CSS_SELECTOR, "form[action='/logout'] button")[0].click()
    wait.until(lambda _: heading() == "You are signed out")
    assert browser.get_cookie("provost_session") is None
    browser.get(f"{BASE}/account")
    wait.until(lambda it: "/login" in it.current_url)
    print("browser: somebody signs in by password, sees their account and signs out")
finally:
    browser.quit()
    callback.shutdown()
