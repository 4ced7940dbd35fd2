"""A browser without a screen that signs people in: from the service provider to the identity provider and back.

`Browser` follows redirects, keeps cookies as a browser does on loopback (cookies know no ports, and `Secure` ones travel over
http there) and reads forms. `sign_in` walks from `/trust/saml2/login` to wherever it ends and says where that was. Nothing
here decides whether that is right.
"""

import base64
import re
import zlib
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import parse_qs, quote, urlencode, urljoin, urlsplit

import requests

LOGIN, ACS, METADATA, ACCOUNT = "/trust/saml2/login", "/trust/saml2/acs", "/trust/saml2/metadata", "/account"
PATIENCE = 60
MOST_PAGES = 8


class OnLoopback(DefaultCookiePolicy):
    """Browsers take loopback for a secure place; http.cookiejar does not. The attribute is kept under another name."""

    def set_ok(self, cookie, request):
        if cookie.secure:
            cookie.secure = False
            cookie.set_nonstandard_attr("WasSecure", "")
        return super().set_ok(cookie, request)


class Forms(HTMLParser):
    """The forms of a page: (method, action, fields) each, with every field as the page fills it."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.form = None
        self.feed(text)

    def handle_starttag(self, tag, pairs):
        given = dict(pairs)
        if tag == "form":
            self.form = ((given.get("method") or "get").lower(), given.get("action") or "", {})
            self.found.append(self.form)
        elif tag == "input" and self.form and given.get("name"):
            if given.get("type") not in ("submit", "button", "checkbox", "radio"):
                self.form[2][given["name"]] = given.get("value") or ""
        elif tag == "select" and self.form and given.get("name"):
            self.form[2][given["name"]] = ""

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


@dataclass
class Walk:
    """Where a walk ended, and what was seen on the way."""

    status: int
    url: str
    text: str
    pages: list = field(default_factory=list)
    saml_request: str = None
    saml_response: str = None
    relay_state: str = None
    # What the service provider answered to the Response, and the cookies it set then or later.
    answer_status: int = None
    answer_cookies: set = field(default_factory=set)

    def told(self):
        """The words of the last page."""
        return " ".join(re.sub(r"(?s)<(style|script).*?</\1>|<[^>]*>", " ", self.text).split())[:600]

    def response(self):
        """The XML of the Response."""
        return base64.b64decode(self.saml_response)

    def request(self):
        """The XML of the request, by whichever binding it came."""
        data = base64.b64decode(self.saml_request)
        return data if data.lstrip().startswith(b"<") else zlib.decompress(data, -15)


class Browser:
    def __init__(self):
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.cookies.set_policy(OnLoopback())
        self.session.headers["User-Agent"] = "provost-conformance"

    def cookies(self):
        return {cookie.name: cookie for cookie in self.session.cookies}

    def get(self, url):
        return self.session.get(url, timeout=PATIENCE)

    def send(self, method, url, fields, origin):
        headers = {"Origin": origin, "Referer": f"{origin}/"} if method == "post" else {}
        if method == "get":
            return self.session.get(url, params=fields, timeout=PATIENCE)
        return self.session.post(url, data=fields, headers=headers, timeout=PATIENCE)

    def account(self, base):
        """The page of the person who is signed in; somebody else's words when nobody is."""
        return self.get(base + ACCOUNT)

    def post_response(self, base, saml_response, relay_state=ACCOUNT):
        """Sends a Response that came some other way."""
        fields = {"SAMLResponse": saml_response, "RelayState": relay_state}
        return self.send("post", base + ACS, fields, "http://127.0.0.1")


def origin_of(url):
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def sign_in(browser, base, idp, person, relay_state=ACCOUNT, start=None, alter=None, deliver=True):
    """Signs `person` in at `idp`, beginning at `start` (the login of the service provider at `base` without one).

    `alter` gets each URL with a SAMLRequest and returns the one to go to instead. Without `deliver` the walk ends before the
    Response is sent.
    """
    walk = Walk(0, "", "")
    page = step(browser, walk, start or f"{base}{LOGIN}?{urlencode({'RelayState': relay_state})}", alter)
    for _ in range(MOST_PAGES):
        at_idp = origin_of(page.url) == idp.base
        form = None
        for method, action, fields in Forms(page.text).found:
            if "SAMLResponse" in fields or ("SAMLRequest" in fields and not at_idp):
                form = (method, action, fields)
            elif at_idp and (filled := idp.fill(fields, person)) is not None:
                form = (method, action, filled)
            if form:
                break
        if form is None:
            break
        method, action, fields = form
        walk.saml_request = walk.saml_request or fields.get("SAMLRequest")
        if "SAMLResponse" in fields:
            walk.saml_response, walk.relay_state = fields["SAMLResponse"], fields.get("RelayState")
            if not deliver:
                break
        page = browser.send(method, urljoin(page.url, action), fields, origin_of(page.url))
        remember(walk, page)
        if "SAMLResponse" in fields:
            answers = [*page.history, page]
            walk.answer_status = walk.answer_status or answers[0].status_code
            walk.answer_cookies |= {name for answer in answers if origin_of(answer.url) == base for name in answer.cookies.keys()}
    else:
        raise AssertionError(f"after {MOST_PAGES} pages there is still a form: {walk.pages}")
    walk.status, walk.url, walk.text = page.status_code, page.url, page.text
    return walk


def step(browser, walk, url, alter):
    """GET, with each redirect looked at before it is followed."""
    for _ in range(MOST_PAGES):
        page = browser.session.get(url, timeout=PATIENCE, allow_redirects=False)
        walk.pages.append((page.status_code, page.url))
        if not page.is_redirect:
            return page
        url = urljoin(page.url, page.headers["Location"])
        query = parse_qs(urlsplit(url).query)
        if "SAMLRequest" in query:
            walk.saml_request = query["SAMLRequest"][0]
            url = alter(url) if alter else url
    raise AssertionError(f"redirected more than {MOST_PAGES} times: {walk.pages}")


def remember(walk, page):
    walk.pages += [(seen.status_code, seen.url) for seen in [*page.history, page]]


def with_other_issuer(url, issuer):
    """The URL of a request by redirect, with another issuer in it and no signature, which would not hold."""
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    xml = zlib.decompress(base64.b64decode(query["SAMLRequest"]), -15).decode()
    xml, count = re.subn(r"(<(?:\w+:)?Issuer[^>]*>)[^<]*", lambda found: found[1] + issuer, xml)
    assert count == 1, xml
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(xml.encode()) + packer.flush()
    query["SAMLRequest"] = base64.b64encode(packed).decode()
    for name in ("SigAlg", "Signature"):
        query.pop(name, None)
    return parts._replace(query=urlencode(query, quote_via=quote)).geturl()
