"""A real browser signs in through published identity providers: once with scripts, once without.

Reads from the environment: BINARY, BASE (the URL of the server, on 127.0.0.1), OWNER and PASSWORD (of the owner), WORK (a
directory), NODE_MODULES, and PROVOST_SCREENSHOTS (a directory, if pictures are wanted). Ends with 0 when all holds.

The identity providers go by the name of localhost here, which is another site than 127.0.0.1: the Response comes to the
server from abroad, as in real life, and with no cookie that is SameSite=Lax or Strict.
"""

import os
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

import walk
from idps import EMAIL, PASSWORD, PEOPLE, Pysaml2, SamlIdp, ServiceProvider
from provost import Provost

BASE = os.environ["BASE"]
WORK = Path(os.environ["WORK"])
PATIENCE = 30
PERSON = "ada@example.com"
MEMBER = "bo@example.com"
MEMBERS_PASSWORD = "a password that only Bo knows"
provost = Provost(os.environ["BINARY"], os.environ["OWNER"], os.environ["PASSWORD"])


def chromium(name, scripts):
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
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        "--window-size=900,1000",
        f"--user-data-dir={WORK / name}",
    ):
        options.add_argument(flag)
    if not scripts:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    browser = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    browser.set_page_load_timeout(PATIENCE)
    return browser


def picture(browser, name):
    directory = os.environ.get("PROVOST_SCREENSHOTS")
    if directory:
        browser.save_screenshot(os.path.join(directory, f"saml-{name}.png"))


def enter(browser, name, value):
    field = browser.find_element(By.NAME, name)
    field.clear()
    field.send_keys(value)


def at_saml_idp(browser):
    wait(browser, lambda: browser.find_elements(By.ID, "btn-sign-in"))
    picture(browser, "saml-idp")
    enter(browser, "userName", PERSON)
    for name, value in PEOPLE[PERSON].items():
        if isinstance(value, str):
            enter(browser, name, value)
    # Folded away until "More Options" is pressed, and right as it stands.
    chosen = browser.find_element(By.NAME, "nameIdFormat")
    assert Select(chosen).all_selected_options[0].get_attribute("value") == EMAIL
    browser.find_element(By.ID, "btn-sign-in").click()


def at_pysaml2(browser):
    wait(browser, lambda: browser.find_elements(By.ID, "sign-in"))
    picture(browser, "pysaml2")
    enter(browser, "username", PERSON)
    enter(browser, "password", PASSWORD)
    browser.find_element(By.ID, "sign-in").click()
    # Without a script the form does not send itself.
    wait(browser, lambda: browser.find_elements(By.NAME, "SAMLResponse"))
    browser.find_element(By.CSS_SELECTOR, "form [type=submit]").click()


def wait(browser, condition):
    # A page may go between finding a part of it and reading that part: then it is looked for again.
    gone = (NoSuchElementException, StaleElementReferenceException)
    WebDriverWait(browser, PATIENCE, ignored_exceptions=gone).until(lambda _: condition())


def sign_in(browser, at_idp, idp):
    browser.get(f"{BASE}{walk.LOGIN}?RelayState={walk.ACCOUNT}")
    wait(browser, lambda: browser.current_url.startswith(idp.base))
    at_idp(browser)
    wait(browser, lambda: browser.current_url == BASE + walk.ACCOUNT)
    wait(browser, lambda: PERSON in browser.find_element(By.TAG_NAME, "main").text)
    picture(browser, f"account-{idp.name}")
    session = [cookie for cookie in browser.get_cookies() if cookie["httpOnly"]]
    assert session, "there is no session cookie that scripts cannot read"
    # It stays.
    browser.get(BASE + walk.ACCOUNT)
    assert PERSON in browser.page_source, browser.page_source[:2000]


def main_text(browser):
    return browser.find_element(By.TAG_NAME, "main").text


def by_password(browser, email, password):
    browser.get(f"{BASE}/login?with=password")
    enter(browser, "email", email)
    enter(browser, "password", password)
    browser.find_element(By.CSS_SELECTOR, "main form button[type=submit]").click()


def gets_in(browser, email, password):
    by_password(browser, email, password)
    wait(browser, lambda: browser.current_url == BASE + walk.ACCOUNT and email in main_text(browser))


def sign_out(browser):
    browser.get(f"{BASE}/logout")
    browser.find_element(By.CSS_SELECTOR, "main form button[type=submit]").click()
    wait(browser, lambda: browser.find_element(By.TAG_NAME, "h1").text == "You are signed out")


def sets_a_password(browser):
    """An ordinary member, by a link that an admin has made; in the end they are signed in."""
    browser.get(provost.reset_link(MEMBER))
    enter(browser, "new_password", MEMBERS_PASSWORD)
    browser.find_element(By.CSS_SELECTOR, "main form button[type=submit]").click()
    wait(browser, lambda: browser.current_url.startswith(BASE + walk.ACCOUNT) and MEMBER in main_text(browser))


def passwords_are_for_recovery(browser):
    """Single sign-on is enabled: the member is out, and in no more by password; the recovery admin is."""
    browser.get(BASE + walk.ACCOUNT)
    wait(browser, lambda: "/login" in browser.current_url)
    by_password(browser, MEMBER, MEMBERS_PASSWORD)
    wait(browser, lambda: "Sign-in failed" in browser.find_element(By.CSS_SELECTOR, "[role=alert]").text)
    picture(browser, "password-refused")
    gets_in(browser, os.environ["OWNER"], os.environ["PASSWORD"])
    picture(browser, "recovery")
    sign_out(browser)
    print("saml: once enabled, a member's password no longer works, and the recovery admin's does")


def main():
    provost.keep_for_recovery()
    provost.add_member(MEMBER)
    sp = ServiceProvider(walk.Browser().get(BASE + walk.METADATA).content)
    for make, at_idp, scripts in ((SamlIdp, at_saml_idp, True), (Pysaml2, at_pysaml2, False)):
        with make(sp, WORK / make.name, host="localhost") as idp:
            file = WORK / f"{idp.name}.xml"
            file.write_bytes(idp.metadata())
            provost.configure(file)
            code, told = provost.test(lambda url: walk.sign_in(walk.Browser(), BASE, idp, PERSON, start=url))
            assert code == 0, told
            browser = chromium(f"profile-{idp.name}", scripts)
            try:
                sets_a_password(browser)
                provost.enable()
                passwords_are_for_recovery(browser)
                sign_in(browser, at_idp, idp)
                sign_out(browser)
                provost.disable()
                gets_in(browser, MEMBER, MEMBERS_PASSWORD)
            except Exception:
                picture(browser, f"failed-{idp.name}")
                print(f"at {browser.current_url}: {browser.page_source[:2000]}")
                raise
            finally:
                browser.quit()
        print(f"saml: Chromium {'with' if scripts else 'without'} scripts signed in through {idp.name}")


main()
