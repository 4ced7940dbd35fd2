//! A change that is decided and told, and not made: in this process, on the socket, over the network.

use std::sync::Arc;

use provost::admin::types::{
    Listing, NewMember, NewTeam, NewToken, Outcome, RequestListing, TokenScope,
};
use provost::admin::{AdminErrorKind, AdminWrite, HttpAdmin};
use provost::secret::Secret;

use crate::real::Real;

async fn previewing(real: &Real) -> Vec<Arc<dyn AdminWrite>> {
    let token = real
        .local
        .shared()
        .issue_token(NewToken {
            name: "grace".into(),
            scope: TokenScope::Admin,
            ttl_seconds: None,
            owner: None,
        })
        .await
        .unwrap();
    let unix = HttpAdmin::unix(real.server.unix_socket().unwrap()).unwrap();
    let url = HttpAdmin::url(real.server.public_url(), Secret::new(token.secret)).unwrap();
    vec![
        real.local.clone().previewing().shared(),
        Arc::new(unix.previewing()),
        Arc::new(url.previewing()),
    ]
}

fn member(user_name: &str) -> NewMember {
    NewMember {
        user_name: user_name.into(),
        ..NewMember::default()
    }
}

#[tokio::test]
async fn every_change_is_told_and_none_is_made() {
    let real = Real::new().await;
    let admin = real.local.shared();
    let ada = admin.add_member(member("ada")).await.unwrap();
    let ada = ada.id.parse().unwrap();
    let off = admin.add_member(member("off")).await.unwrap();
    let off = off.id.parse().unwrap();
    admin.deactivate_member(off).await.unwrap();
    let previews = previewing(&real).await;
    let before = (
        admin.members(Listing::default()).await.unwrap(),
        admin.tokens().await.unwrap(),
        admin
            .requests(RequestListing {
                limit: 100,
                ..RequestListing::default()
            })
            .await
            .unwrap(),
    );

    for preview in previews {
        let place = preview.place();
        let token = preview.tokens().await.unwrap()[0].id;
        let done = [
            preview.add_member(member("new")).await.unwrap(),
            preview.deactivate_member(ada).await.unwrap(),
            preview.restore_member(off).await.unwrap(),
            preview
                .add_team(NewTeam {
                    name: "Payments".into(),
                    members: vec![ada],
                })
                .await
                .unwrap(),
            preview.revoke_token(token).await.unwrap(),
        ];
        for done in done {
            assert_eq!(done.outcome, Outcome::Applied, "{place}");
            assert!(!done.changes.is_empty(), "{place}");
            assert_eq!(done.request_id, None, "{place}");
        }
        let issued = preview
            .issue_token(NewToken {
                name: "entra".into(),
                scope: TokenScope::Scim,
                ttl_seconds: Some(60),
                owner: None,
            })
            .await
            .unwrap();
        assert_eq!(
            (issued.secret.as_str(), issued.token.name.as_str()),
            ("", "entra")
        );
        assert!(issued.token.expires.is_some());

        let owner = preview
            .find_member("owner@example.com".into())
            .await
            .unwrap();
        let refused = preview.deactivate_member(owner.row.id).await.unwrap_err();
        assert_eq!(refused.kind, AdminErrorKind::Refused, "{place}");
        assert_eq!(refused.request_id, None, "{place}");
        let taken = preview.add_member(member("ada")).await.unwrap_err();
        assert_eq!(taken.kind, AdminErrorKind::Conflict, "{place}");
    }

    let after = (
        admin.members(Listing::default()).await.unwrap(),
        admin.tokens().await.unwrap(),
        admin
            .requests(RequestListing {
                limit: 100,
                ..RequestListing::default()
            })
            .await
            .unwrap(),
    );
    assert_eq!(before.0, after.0);
    let kept = |tokens: &[provost::admin::types::TokenRow]| -> Vec<_> {
        tokens
            .iter()
            .map(|token| (token.id, token.revoked))
            .collect()
    };
    assert_eq!(kept(&before.1), kept(&after.1));
    assert_eq!(before.2.items, after.2.items);
}
