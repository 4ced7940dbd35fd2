//! Well-signed messages that are for somebody else, for another time, or not a login.

use jiff::SignedDuration;

use super::*;

fn hours(from: Timestamp, hours: i64) -> Timestamp {
    from.saturating_add(SignedDuration::from_hours(hours))
        .unwrap()
}

#[tokio::test]
async fn a_message_that_is_not_for_here_and_now_signs_nobody_in() {
    Stage::refuses(&[
        (
            "another audience",
            |f| f.meant(|it| it.audience = "https://other.example".into()),
            CheckId::Audience,
        ),
        (
            "an audience that begins like ours",
            |f| f.meant(|it| it.audience.push_str(".evil")),
            CheckId::Audience,
        ),
        (
            "no audience",
            |f| {
                let bare = f.bare();
                let own = cut(
                    &bare,
                    "<saml:AudienceRestriction>",
                    "</saml:AudienceRestriction>",
                );
                f.signed_after(&own, "")
            },
            CheckId::Audience,
        ),
        (
            "another destination",
            |f| {
                let own = format!("Destination=\"{}\"", f.login.acs_url);
                edit(&f.good(), &own, "Destination=\"https://other.example/acs\"")
            },
            CheckId::Destination,
        ),
        (
            "another recipient",
            |f| {
                let own = format!("Recipient=\"{}\"", f.login.acs_url);
                f.signed_after(&own, "Recipient=\"https://other.example/acs\"")
            },
            CheckId::SubjectConfirmation,
        ),
        (
            "another issuer of the Response",
            |f| f.meant(|it| it.issuer = "https://evil.example".into()),
            CheckId::ResponseIssuer,
        ),
        (
            "another issuer of the assertion",
            |f| {
                f.signed_after(
                    &format!("<saml:Issuer>{ISSUER}"),
                    "<saml:Issuer>https://evil.example",
                )
            },
            CheckId::Assertion,
        ),
        (
            "too late",
            |f| {
                f.meant(|it| {
                    it.not_before = hours(it.not_before, -48);
                    it.not_on_or_after = hours(it.not_on_or_after, -24);
                })
            },
            CheckId::SubjectConfirmation,
        ),
        (
            "too early",
            |f| {
                f.meant(|it| {
                    it.not_before = hours(it.not_before, 24);
                    it.not_on_or_after = hours(it.not_on_or_after, 48);
                })
            },
            CheckId::Conditions,
        ),
        (
            "a session that has ended",
            |f| {
                f.meant(|it| {
                    it.session_not_on_or_after = Some(hours(it.issue_instant, -24));
                })
            },
            CheckId::AuthnStatement,
        ),
        (
            "the answer to another request",
            |f| f.meant(|it| it.in_response_to = Some("_other".into())),
            CheckId::InResponseTo,
        ),
        (
            "unsolicited, where that is not allowed",
            |f| f.meant(|it| it.in_response_to = None),
            CheckId::InResponseTo,
        ),
        (
            "an assertion for another request",
            |f| {
                let own = f.login.in_response_to.clone().unwrap();
                f.signed_after(&own, "_other")
            },
            CheckId::SubjectConfirmation,
        ),
        (
            "holder of key",
            |f| f.signed_after("cm:bearer", "cm:holder-of-key"),
            CheckId::SubjectConfirmation,
        ),
        (
            "an unknown condition",
            |f| {
                f.signed_after(
                    "<saml:AudienceRestriction>",
                    "<saml:Condition/><saml:AudienceRestriction>",
                )
            },
            CheckId::Conditions,
        ),
        (
            "two addresses",
            |f| f.meant(|it| it.name_id.push_str(",owner@example.com")),
            CheckId::Subject,
        ),
        (
            "no address",
            |f| f.meant(|it| it.name_id = "zoe".into()),
            CheckId::Subject,
        ),
        (
            "a comment that splits a name that is none",
            |f| f.signed_after(&f.login.name_id, "owner<!-- -->.example.com"),
            CheckId::Subject,
        ),
        (
            "a refusal",
            |f| edit(&f.good(), "status:Success", "status:Responder"),
            CheckId::Status,
        ),
        (
            "a success within a refusal",
            |f| {
                let success = cut(&f.good(), "<samlp:StatusCode ", "/>");
                let nested = success.replace(
                    "Success\"/>",
                    &format!("Requester\">{success}</samlp:StatusCode>"),
                );
                edit(&f.good(), &success, &nested)
            },
            CheckId::Status,
        ),
        (
            "SAML 1.1",
            |f| f.signed_after("Version=\"2.0\"", "Version=\"1.1\""),
            CheckId::Assertion,
        ),
        (
            "another message",
            |f| edit(&f.good(), "samlp:Response", "samlp:LogoutResponse"),
            CheckId::Response,
        ),
    ])
    .await;
}

/// A comment is not signed, so it must not cut what is read.
#[tokio::test]
async fn a_comment_in_a_name_does_not_cut_it() {
    let mut stage = Stage::new().await;
    let owner = stage.owner().await;
    let (mut person, mut forger) = stage.begun().await;
    forger.login.name_id = format!("{OWNER}.evil.io");
    let commented = edit(
        &forger.good(),
        &forger.login.name_id,
        &format!("{OWNER}<!-- -->.evil.io"),
    );
    assert_eq!(post(&mut person, &commented).await.status, 303);
    assert_eq!(stage.last().await.name, forger.login.name_id);
    assert!(
        person
            .get("/account")
            .await
            .text
            .contains(&forger.login.name_id)
    );
    assert_eq!(stage.owner().await, owner);
}
