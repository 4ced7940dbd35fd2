//! Signature wrapping: a good signature is kept, and another assertion is put where a careless reader looks. The first
//! eight are those of Somorovsky et al., "On Breaking SAML"; the others go on in their manner.

use super::*;

/// An assertion of somebody who can do more, under another ID.
fn evil(forger: &Forger) -> String {
    Login {
        assertion_id: "_evil".into(),
        name_id: OWNER.into(),
        ..forger.login.clone()
    }
    .assertion_xml()
}

/// The signature of the good assertion.
fn signature(forger: &Forger) -> String {
    cut(&forger.assertion(), "<ds:Signature ", "</ds:Signature>")
}

/// The evil assertion with a signature where its own would be.
fn evil_with(forger: &Forger, signature: &str) -> String {
    behind_issuer(&evil(forger), signature)
}

fn behind_issuer(document: &str, inner: &str) -> String {
    document.replacen("</saml:Issuer>", &format!("</saml:Issuer>{inner}"), 1)
}

fn before(outer: &str, mark: &str, inner: &str) -> String {
    edit(outer, mark, &format!("{inner}{mark}"))
}

/// The signature with something in an Object of it.
fn signature_around(signature: &str, inner: &str) -> String {
    let object = format!("<ds:Object>{inner}</ds:Object>");
    before(signature, "</ds:Signature>", &object)
}

fn in_extensions(response: &str, inner: &str) -> String {
    let extensions = format!("<samlp:Extensions>{inner}</samlp:Extensions>");
    before(response, "<samlp:Status>", &extensions)
}

/// An evil Response, the signature of a good one, and that one without it.
fn responses(forger: &Forger) -> (String, String, String) {
    let good = forger.signed_response();
    let signature = cut(&good, "<ds:Signature ", "</ds:Signature>");
    let bare = edit(&good, &signature, "");
    let evil = Login {
        response_id: "_evil_response".into(),
        ..forger.login.clone()
    }
    .response_xml(&evil(forger));
    (evil, signature, bare)
}

#[tokio::test]
async fn a_wrapped_signature_signs_nobody_in() {
    let response = CheckId::Response;
    Stage::refuses(&[
        (
            "XSW 1",
            |f| {
                let (evil, signature, good) = responses(f);
                behind_issuer(&evil, &signature_around(&signature, &good))
            },
            response,
        ),
        (
            "XSW 2",
            |f| {
                let (evil, signature, good) = responses(f);
                behind_issuer(&evil, &format!("{good}{signature}"))
            },
            response,
        ),
        (
            "XSW 3",
            |f| f.around(&format!("{}{}", evil(f), f.assertion())),
            response,
        ),
        (
            "XSW 4",
            |f| f.around(&before(&evil(f), "</saml:Assertion>", &f.assertion())),
            response,
        ),
        (
            "XSW 5",
            |f| f.around(&format!("{}{}", evil_with(f, &signature(f)), f.bare())),
            response,
        ),
        (
            "XSW 6",
            |f| {
                let wrapped = before(&signature(f), "</ds:Signature>", &f.bare());
                f.around(&evil_with(f, &wrapped))
            },
            response,
        ),
        ("XSW 7", |f| in_extensions(&f.good(), &evil(f)), response),
        (
            "XSW 8",
            |f| f.around(&evil_with(f, &signature_around(&signature(f), &f.bare()))),
            response,
        ),
        (
            "XSW 9: the good one in Extensions",
            |f| in_extensions(&f.around(&evil(f)), &f.assertion()),
            response,
        ),
        (
            "XSW 10: the good Response in Extensions of an evil one",
            |f| {
                let (evil, signature, good) = responses(f);
                in_extensions(&behind_issuer(&evil, &signature), &good)
            },
            response,
        ),
        (
            "XSW 11: the good one in StatusDetail",
            |f| {
                let detail = format!("<samlp:StatusDetail>{}</samlp:StatusDetail>", f.assertion());
                before(&f.around(&evil(f)), "</samlp:Status>", &detail)
            },
            response,
        ),
        (
            "XSW 12: the good one in Advice",
            |f| {
                let advice = format!("<saml:Advice>{}</saml:Advice>", f.assertion());
                f.around(&before(&evil(f), "<saml:AuthnStatement ", &advice))
            },
            response,
        ),
        (
            "XSW 13: the good one in an attribute's value",
            |f| f.around(&edit(&evil(f), "writer", &f.assertion())),
            response,
        ),
        (
            "XSW 14: the good one in the confirmation of the evil one",
            |f| {
                f.around(&before(
                    &evil(f),
                    "</saml:SubjectConfirmation>",
                    &f.assertion(),
                ))
            },
            response,
        ),
        (
            "the good one first",
            |f| f.around(&format!("{}{}", f.assertion(), evil(f))),
            response,
        ),
        (
            "the good one in a wrapper",
            |f| f.around(&format!("<x>{}</x>", f.assertion())),
            response,
        ),
        ("the assertion alone", Forger::assertion, response),
        (
            "two good ones",
            |f| {
                let id = &f.login.assertion_id;
                f.around(&f.assertion().repeat(2).replacen(id, "_other", 2))
            },
            response,
        ),
        (
            "the signature of another Response",
            |f| {
                let (evil, signature, _) = responses(f);
                behind_issuer(&evil, &signature)
            },
            CheckId::ResponseSignature,
        ),
        (
            "the signature of another assertion",
            |f| f.around(&evil_with(f, &signature(f))),
            CheckId::AssertionSignature,
        ),
        (
            "the signature beside the assertion",
            |f| f.around(&format!("{}{}", signature(f), f.bare())),
            CheckId::ResponseSignature,
        ),
        (
            "the signature in the subject",
            |f| f.around(&before(&f.bare(), "</saml:Subject>", &signature(f))),
            CheckId::AssertionSignature,
        ),
        (
            "the same id twice, one in an Object",
            |f| {
                let wrapped = f.around(&evil_with(f, &signature_around(&signature(f), &f.bare())));
                edit(&wrapped, "_evil", &f.login.assertion_id)
            },
            CheckId::Document,
        ),
        (
            "the same id twice, side by side",
            |f| {
                let both = f.around(&format!("{}{}", evil_with(f, &signature(f)), f.bare()));
                edit(&both, "_evil", &f.login.assertion_id)
            },
            CheckId::Document,
        ),
        (
            "the same id in another spelling",
            |f| {
                let status = format!("<samlp:Status id=\"{}\">", f.login.assertion_id);
                edit(&f.good(), "<samlp:Status>", &status)
            },
            CheckId::Document,
        ),
    ])
    .await;
}
