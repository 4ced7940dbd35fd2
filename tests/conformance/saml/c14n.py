"""Has xmlsec1 digest random documents, and writes what it digested: vectors for an implementation of exclusive C14N.

    python tests/conformance/saml/c14n.py [SEED [COUNT]] > src/saml/c14n/vectors_xmlsec1.txt

Needs xmlsec1 and lxml. The same seed and version of Python make the same documents. Each line has, separated by spaces: the
prefixes of the InclusiveNamespaces list with commas between (`#default` among them, or `-` for no list), the document with the
signature that is to be left out (the element with the ID `signature`), and the canonical form of the element whose ID is `top`;
both in Base64. So it is the form of `src/saml/c14n/vectors.txt`, with `#default` in addition, which lxml does not know.

xmlsec1 signs each document: an enveloped signature, anywhere among the children of `top`, with the two transforms of SAML. It
tells the octets that it digested, which are the canonical form; that they are is checked by the DigestValue it wrote. lxml is
asked as well where it can be, and both must agree. Namespace names have no `&`, which libxml2 does not escape against the standard.
"""

import base64
import hashlib
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from lxml import etree

PREFIXES = ["", "a", "b", "ds", "saml", "xs"]
URIS = ["urn:a", "urn:b", "http://x.io/ns?q=1", "urn:oasis:names:tc:SAML:2.0:assertion", "http://www.w3.org/2000/09/xmldsig#"]
LOCALS = ["Assertion", "a", "y-z", "größe", "A.1", "_"]
CDATA, EMPTY_CDATA = "<![CDATA[<&>]]>", "<![CDATA[]]>"
TEXTS = ["t", " ", "\n", "\t", "&amp;", "&lt;", "&gt;", ">", "&#13;", "&#xA;", "&#x1F600;", "é", "漢", "😀", "\u00a0", "\u2028",
         "'", '"', CDATA, EMPTY_CDATA, "<!-- note -->", "<!--a--><!--b-->", "\r\n", "\r", "]]", "]]&gt;"]
VALUES = ["v", " ", "  ", "\n", "\t", "&amp;", "&lt;", ">", "&#9;", "&#10;", "&#13;", "é", "&quot;", "'", "\r\n", "😀", "&#x85;"]
DIGITAL_SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
TEMPLATE = """<dsig:Signature xmlns:dsig="{dsig}" ID="signature"><dsig:SignedInfo><dsig:CanonicalizationMethod \
Algorithm="{exclusive}"/><dsig:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"/>\
<dsig:Reference URI="#top"><dsig:Transforms><dsig:Transform Algorithm="{dsig}enveloped-signature"/>\
<dsig:Transform Algorithm="{exclusive}">{list}</dsig:Transform></dsig:Transforms>\
<dsig:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><dsig:DigestValue/></dsig:Reference></dsig:SignedInfo>\
<dsig:SignatureValue/></dsig:Signature>"""
SMALL = '<s:Signature xmlns:s="urn:s" ID="signature">x</s:Signature>'
MARK = "{SIGNATURE}"
START, END = b"== PreDigest data - start buffer:\n", b"\n== PreDigest data - end buffer"


def pieces(random_, choices, most):
    return "".join(random_.choice(choices) for _ in range(random_.randint(0, most)))


def attributes(random_, scope):
    """Attributes with no two of one expanded name."""
    found, seen = [], set()
    for _ in range(random_.randint(0, 4)):
        prefix = random_.choice([*(it for it in scope if it), "", "xml"])
        local = random_.choice(["lang", "base", "space"] if prefix == "xml" else LOCALS)
        key = (scope.get(prefix, prefix) if prefix else None, local)
        if key in seen:
            continue
        seen.add(key)
        value = "preserve" if local == "space" else pieces(random_, VALUES, 3)
        if prefix == "xml":
            value = {"lang": "de", "base": "http://x.io/", "space": "preserve"}[local]
        quote = random_.choice("\"'")
        value = value.replace(quote, "&apos;" if quote == "'" else "&quot;")
        found.append(f"{prefix + ':' if prefix else ''}{local}={quote}{value}{quote}")
    return found


def element(random_, scope, depth, top):
    """An element as text. `scope` maps the prefixes bound where it begins; `top` is how deep the signed one stands, if here."""
    scope = dict(scope)
    declared = []
    for prefix in random_.sample(PREFIXES, random_.randint(0, 3)):
        scope[prefix] = "" if prefix == "" and random_.random() < 0.4 else random_.choice(URIS)
        declared.append(f'xmlns{":" + prefix if prefix else ""}="{scope[prefix]}"')
    prefix = random_.choice([*(it for it in scope if it), "", ""])
    name = (prefix + ":" if prefix else "") + random_.choice(LOCALS)
    marks = [*declared, *attributes(random_, scope)]
    if depth == top:
        marks.append('ID="top"')
    random_.shuffle(marks)
    body = []
    for _ in range(random_.randint(0, 3)):
        body.append(pieces(random_, TEXTS, 4))
        if depth < 6:
            body.append(element(random_, scope, depth + 1, None))
    if top is not None and depth < top:
        body += [element(random_, scope, depth + 1, top), pieces(random_, TEXTS, 2)]
    if depth == top:
        body.insert(random_.randint(0, len(body)), MARK)
    tag = random_.choice([" ", "\n ", "  "]).join([name, *marks])
    if not body and random_.random() < 0.5:
        return f"<{tag}/>"
    return f"<{tag}>{''.join(body)}</{name}{random_.choice(['', ' '])}>"


def digested(work, text, prefixes):
    """What xmlsec1 digests when it signs the element."""
    names = f'<x:InclusiveNamespaces xmlns:x="{EXCLUSIVE}" PrefixList="{" ".join(prefixes)}"/>' if prefixes else ""
    template = TEMPLATE.format(dsig=DIGITAL_SIGNATURE, exclusive=EXCLUSIVE, list=names)
    document, signed = work / "document.xml", work / "signed.xml"
    document.write_bytes(text.replace(MARK, template).encode())
    [top] = etree.fromstring(document.read_bytes()).xpath("//*[@ID='top']")
    top = etree.QName(top)
    node = f"{top.namespace}:{top.localname}" if top.namespace else top.localname
    command = ["xmlsec1", "--sign", "--hmackey", str(work / "key"), "--id-attr:ID", node, "--store-references", "--print-debug"]
    command += ["--node-xpath", "//*[@ID='signature']", "--output", str(signed), str(document)]
    done = subprocess.run(command, capture_output=True)
    assert done.returncode == 0, (done.stderr.decode(errors="replace"), text)
    output = done.stdout + done.stderr
    octets = output[output.index(START) + len(START) : output.index(END)]
    [value] = etree.fromstring(signed.read_bytes()).xpath("//*[@ID='signature']//*[local-name()='DigestValue']/text()")
    assert base64.b64decode(value) == hashlib.sha256(octets).digest(), text
    return octets


def by_lxml(text, prefixes):
    [top] = etree.fromstring(text.replace(MARK, "").encode()).xpath("//*[@ID='top']")
    return etree.tostring(
        top, method="c14n", exclusive=True, with_comments=False, inclusive_ns_prefixes=prefixes or None, with_tail=False
    )


def main(seed=20261128, count=300):
    random_ = random.Random(seed)
    encode = lambda data: base64.b64encode(data).decode()  # noqa: E731
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        (work / "key").write_bytes(b"no secret")
        while count:
            text = element(random_, {"": ""}, 0, random_.choice([0, 1, 2, 3]))
            # `]]>` may not stand in a text.
            if not 150 < len(text) < 1500 or "]]>" in text.replace(CDATA, "").replace(EMPTY_CDATA, ""):
                continue
            names = ["#default", *(it for it in PREFIXES if it), "unbound", "xml"]
            prefixes = [] if random_.random() < 0.3 else random_.sample(names, random_.randint(1, 3))
            octets = digested(work, text, prefixes)
            if "#default" not in prefixes:
                assert octets == by_lxml(text, prefixes), (prefixes, text, octets, by_lxml(text, prefixes))
            print(",".join(prefixes) or "-", encode(text.replace(MARK, SMALL).encode()), encode(octets))
            count -= 1


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
