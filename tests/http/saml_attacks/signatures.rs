//! Signatures that are missing, do not hold, or are of a kind that is not taken.

use super::*;

const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const RSA_SHA1: &str = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
const SHA1: &str = "http://www.w3.org/2000/09/xmldsig#sha1";
const HMAC: &str = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256";
const EXC_C14N: &str =
    "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>";

fn transform(algorithm: &str, inner: &str) -> String {
    format!("<ds:Transform Algorithm=\"{algorithm}\">{inner}</ds:Transform>")
}

/// An assertion signed by somebody else, whose certificate stands in it.
fn foreign(forger: &Forger) -> String {
    let signer = Signer::new(&FOREIGN, SignatureAlgorithm::RsaSha256);
    let signed = signer.sign(&forger.bare(), &forger.login.assertion_id);
    forger.around(&signed.unwrap())
}

fn refers(forger: &Forger, to: &str) -> String {
    let uri = format!("URI=\"#{}\"", forger.login.assertion_id);
    edit(&forger.good(), &uri, to)
}

#[tokio::test]
async fn a_signature_that_does_not_hold_signs_nobody_in() {
    let signature = CheckId::AssertionSignature;
    Stage::refuses(&[
        ("unsigned", |f| f.around(&f.bare()), signature),
        (
            "an empty signature",
            |f| {
                let good = f.good();
                let own = cut(&good, "<ds:Signature ", "</ds:Signature>");
                let empty = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"/>";
                edit(&good, &own, empty)
            },
            signature,
        ),
        (
            "a foreign key with its certificate in KeyInfo",
            foreign,
            signature,
        ),
        (
            "a foreign key under our certificate",
            |f| {
                let (theirs, ours) = (FOREIGN.certificate(), RSA.certificate());
                edit(&foreign(f), &theirs.to_base64(), &ours.to_base64())
            },
            signature,
        ),
        (
            "another subject",
            |f| edit(&f.good(), &f.login.name_id, OWNER),
            signature,
        ),
        (
            "another role",
            |f| edit(&f.good(), "writer", "admin"),
            signature,
        ),
        (
            "another value of the signature",
            |f| edit(&f.good(), "<ds:SignatureValue>", "<ds:SignatureValue>AAAA"),
            signature,
        ),
        (
            "another digest",
            |f| edit(&f.good(), "<ds:DigestValue>", "<ds:DigestValue>AAAA"),
            signature,
        ),
        (
            "SHA-1 in the signature",
            |f| edit(&f.good(), RSA_SHA256, RSA_SHA1),
            signature,
        ),
        (
            "SHA-1 in the digest",
            |f| edit(&f.good(), SHA256, SHA1),
            signature,
        ),
        (
            "HMAC keyed with the certificate",
            |f| edit(&f.good(), RSA_SHA256, HMAC),
            signature,
        ),
        (
            "XSLT as a transform",
            |f| {
                let xslt = transform("http://www.w3.org/TR/1999/REC-xslt-19991116", "");
                edit(&f.good(), EXC_C14N, &xslt)
            },
            signature,
        ),
        (
            "XPath as a transform",
            |f| {
                let path = "<ds:XPath>not(ancestor-or-self::saml:Subject)</ds:XPath>";
                let xpath = transform("http://www.w3.org/TR/1999/REC-xpath-19991116", path);
                edit(&f.good(), EXC_C14N, &xpath)
            },
            signature,
        ),
        (
            "a third transform",
            |f| edit(&f.good(), EXC_C14N, &EXC_C14N.repeat(2)),
            signature,
        ),
        (
            "no transforms",
            |f| edit(&f.good(), EXC_C14N, ""),
            signature,
        ),
        (
            "a reference to the whole document",
            |f| refers(f, "URI=\"\""),
            signature,
        ),
        (
            "a reference to the Response",
            |f| refers(f, &format!("URI=\"#{}\"", f.login.response_id)),
            signature,
        ),
        (
            "a reference to elsewhere",
            |f| refers(f, "URI=\"http://elsewhere.example/\""),
            signature,
        ),
        (
            "two references",
            |f| {
                let good = f.good();
                let reference = cut(&good, "<ds:Reference ", "</ds:Reference>");
                edit(&good, &reference, &reference.repeat(2))
            },
            signature,
        ),
        (
            "two signatures",
            |f| {
                let good = f.good();
                let own = cut(&good, "<ds:Signature ", "</ds:Signature>");
                edit(&good, &own, &own.repeat(2))
            },
            signature,
        ),
        (
            "a signed Response with another subject",
            |f| edit(&f.signed_response(), &f.login.name_id, OWNER),
            CheckId::ResponseSignature,
        ),
        (
            "a good Response around a changed assertion",
            |f| {
                let changed = f.around(&edit(&f.assertion(), &f.login.name_id, OWNER));
                Forger::signer()
                    .sign(&changed, &f.login.response_id)
                    .unwrap()
            },
            signature,
        ),
    ])
    .await;
}
