"""Writes vectors.txt: random documents and their exclusive canonical form as lxml (libxml2) makes it.

Run `python3 vectors.py > vectors.txt` with lxml installed. The seed is fixed, so the file changes only with this script.
Each line has, separated by spaces: the prefixes of the InclusiveNamespaces list with commas between (or `-`), the document
with the signature that is to be left out, and the canonical form of the element whose ID is `top`; both in Base64.
Namespace names have no `&`, which libxml2 does not escape against the standard.
"""

import base64
import random

from lxml import etree

PREFIXES = ["", "a", "b", "c", "ds", "saml"]
URIS = ["urn:a", "urn:b", "http://x.io/ns", "urn:oasis:names:tc:SAML:2.0:assertion"]
LOCALS = ["Assertion", "x", "y-z", "größe", "A"]
TEXTS = ["t", " ", "\n", "\t", "&amp;", "&lt;", "&gt;", "&#13;", "&#10;", "é", "漢", "😀", "'", '"', "<![CDATA[<&>]]>",
         "<!-- note -->", "\r\n", "\r", "]]"]
VALUES = ["v", " ", "  ", "\n", "\t", "&amp;", "&lt;", ">", "&#9;", "&#10;", "&#13;", "é", "&quot;", "'", "\r\n"]


def pieces(random_, choices, most):
    return "".join(random_.choice(choices) for _ in range(random_.randint(0, most)))


def element(random_, scope, depth, marks):
    """An element as text; `scope` maps the prefixes that are bound where it begins."""
    scope = dict(scope)
    declared = []
    for prefix in random_.sample(PREFIXES, random_.randint(0, 3)):
        uri = "" if prefix == "" and random_.random() < 0.4 else random_.choice(URIS)
        scope[prefix] = uri
        name = "xmlns:" + prefix if prefix else "xmlns"
        declared.append(f"{name}=\"{uri}\"")
    bound = [prefix for prefix in scope if prefix]
    prefix = random_.choice([*bound, "", ""])
    name = (prefix + ":" if prefix else "") + random_.choice(LOCALS)
    attributes, seen = [], set()
    for _ in range(random_.randint(0, 4)):
        at = random_.choice([*bound, "", "xml"])
        local = random_.choice(["lang", "space"] if at == "xml" else LOCALS)
        if at == "xml" and local == "space":
            value = "preserve"
        elif at == "xml":
            value = "de"
        else:
            value = pieces(random_, VALUES, 3)
        key = (scope.get(at, at) if at else None, local)
        if key in seen:
            continue
        seen.add(key)
        attributes.append(f"{at + ':' if at else ''}{local}=\"{value}\"")
    if marks and depth == 2:
        attributes.append('ID="top"')
    both = declared + attributes
    random_.shuffle(both)
    body = []
    for _ in range(random_.randint(0, 4)):
        body.append(pieces(random_, TEXTS, 4))
        if depth < 6:
            body.append(element(random_, scope, depth + 1, False))
    if marks and depth < 2:
        body.append(element(random_, scope, depth + 1, True))
        body.append(pieces(random_, TEXTS, 2))
    if marks and depth == 2:
        body.insert(random_.randint(0, len(body)), "{SIGNATURE}")
    space = random_.choice([" ", "\n ", "  "])
    tag = space.join([name, *both])
    if not body and random_.random() < 0.5:
        return f"<{tag}/>"
    return f"<{tag}>{''.join(body)}</{name}{random_.choice(['', ' '])}>"


def main():
    random_ = random.Random(20261127)
    count = 0
    while count < 200:
        text = element(random_, {"": ""}, 0, True)
        if not 200 < len(text) < 1500:
            continue
        prefixes = [] if random_.random() < 0.4 else random_.sample(PREFIXES[1:], random_.randint(1, 3))
        signed = text.replace("{SIGNATURE}", '<s:Signature xmlns:s="urn:s" ID="signature">x</s:Signature>')
        tree = etree.fromstring(text.replace("{SIGNATURE}", "").encode())
        top = tree.xpath("//*[@ID='top']")[0]
        canonical = etree.tostring(
            top, method="c14n", exclusive=True, with_comments=False, inclusive_ns_prefixes=prefixes or None, with_tail=False
        )
        encode = lambda data: base64.b64encode(data).decode()
        print(",".join(prefixes) or "-", encode(signed.encode()), encode(canonical))
        count += 1


main()
