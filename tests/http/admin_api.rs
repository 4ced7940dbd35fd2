//! One admin is like another: what the client in this process says, those over HTTP say, too.

use provost::admin::AdminErrorKind;
use provost::admin::types::{
    Listing, NewMember, NewTeam, NewToken, ObjectKind, RequestListing, Sort, TokenScope,
};
use provost::directory::{MemberId, RequestId, TeamId};
use serde::Serialize;
use uuid::Uuid;

use crate::real::Real;

fn listing() -> Listing {
    Listing {
        sort: Sort::Name,
        limit: 100,
        ..Listing::default()
    }
}

fn member(name: &str) -> NewMember {
    NewMember {
        user_name: format!("{name}@example.com"),
        given_name: Some(name.into()),
        ..NewMember::default()
    }
}

/// What all admins said, which must be one thing.
struct Said(Vec<(&'static str, serde_json::Value)>);

impl Said {
    fn push(&mut self, who: &'static str, what: &impl Serialize) {
        self.0.push((who, serde_json::to_value(what).unwrap()));
    }
}

impl Drop for Said {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            for (who, what) in &self.0[1..] {
                assert_eq!(*what, self.0[0].1, "{who} says something else");
            }
        }
    }
}

#[tokio::test]
async fn reads_are_the_same_from_everywhere() {
    let real = Real::new().await;
    let (_, cli) = &real.admins[0];
    let done = cli.add_member(member("grace")).await.unwrap();
    let id: MemberId = done.id.parse().unwrap();
    let team = NewTeam {
        name: "Payments / 100%".into(),
        members: vec![id],
    };
    let team: TeamId = cli.add_team(team).await.unwrap().id.parse().unwrap();
    let request = done.request_id.unwrap();
    let log = RequestListing {
        query: "path:/ -status:500".into(),
        limit: 1,
        before: Some(RequestId(u64::MAX >> 1)),
        ..RequestListing::default()
    };

    let mut all: Vec<Said> = (0..12).map(|_| Said(Vec::new())).collect();
    for (who, admin) in &real.admins {
        let mut overview = admin.overview().await.unwrap();
        (overview.now, overview.database_bytes) = (overview.started, 0);
        overview.connections.clear();
        let mut said = all.iter_mut();
        let mut push = |what: serde_json::Value| said.next().unwrap().push(who, &what);
        push(serde_json::to_value(overview.organisation).unwrap());
        let members = admin.members(listing()).await.unwrap();
        push(serde_json::to_value(members).unwrap());
        push(serde_json::to_value(admin.member(id).await.unwrap()).unwrap());
        let found = admin.find_member("GRACE@example.com".into()).await.unwrap();
        assert_eq!(found.row.id, id);
        push(serde_json::to_value(found).unwrap());
        let timeline = admin.member_timeline(id, 0, 10).await.unwrap();
        assert!(!timeline.items.is_empty());
        push(serde_json::to_value(timeline).unwrap());
        push(serde_json::to_value(admin.teams(listing()).await.unwrap()).unwrap());
        push(serde_json::to_value(admin.team(team).await.unwrap()).unwrap());
        let found = admin.find_team("Payments / 100%".into()).await.unwrap();
        assert_eq!(found.row.id, team);
        push(serde_json::to_value(found).unwrap());
        let members = admin.team_members(team, 0, 10).await.unwrap();
        assert_eq!(members.items[0].id, id);
        push(serde_json::to_value(members).unwrap());
        push(serde_json::to_value(admin.requests(log.clone()).await.unwrap()).unwrap());
        push(serde_json::to_value(admin.request(request).await.unwrap()).unwrap());
        let mut tokens = admin.tokens().await.unwrap();
        assert_eq!(tokens.len(), 2);
        tokens.iter_mut().for_each(|token| token.last_used = None);
        push(serde_json::to_value(tokens).unwrap());
        admin.doctor().await.unwrap();
    }
}

#[tokio::test]
async fn writes_are_done_and_signed_by_who_did_them() {
    let real = Real::new().await;
    for (who, admin) in &real.admins {
        let name = format!("by-{who}");
        let done = admin.add_member(member(&name)).await.unwrap();
        let id: MemberId = done.id.parse().unwrap();
        assert_eq!(done.changes[0].kind, ObjectKind::Member);
        admin.deactivate_member(id).await.unwrap();
        assert!(!admin.member(id).await.unwrap().row.active);
        admin.restore_member(id).await.unwrap();
        let detail = admin.member(id).await.unwrap();
        assert!(detail.row.active);
        assert_eq!(detail.timeline.len(), 3);
        for change in detail.timeline {
            assert_eq!(change.actor.name, *who);
            let request = admin.request(change.request.unwrap()).await.unwrap();
            assert_eq!(request.exchange.changed.len(), 1);
        }
        let token = NewToken {
            name: name.clone(),
            scope: TokenScope::Scim,
            ttl_seconds: Some(3_600),
            owner: None,
        };
        let issued = admin.issue_token(token).await.unwrap();
        assert!(issued.secret.starts_with(&issued.token.prefix));
        admin.revoke_token(issued.token.id).await.unwrap();
    }
}

#[tokio::test]
async fn refusals_are_the_same_from_everywhere() {
    let real = Real::new().await;
    let nobody = MemberId(Uuid::nil());
    let (_, cli) = &real.admins[0];
    cli.add_member(member("grace")).await.unwrap();
    let owner = cli.find_member("owner@example.com".into()).await.unwrap();
    for (who, admin) in &real.admins {
        let absent = admin.member(nobody).await.unwrap_err();
        assert_eq!(absent.kind, AdminErrorKind::NotFound, "{who}");
        let taken = admin.add_member(member("grace")).await.unwrap_err();
        assert_eq!(taken.kind, AdminErrorKind::Conflict, "{who}: {taken}");
        assert!(taken.request_id.is_some(), "{who}");
        let guarded = admin.deactivate_member(owner.row.id).await.unwrap_err();
        assert_eq!(guarded.kind, AdminErrorKind::Refused, "{who}: {guarded}");
        let senseless = RequestListing {
            query: "status:".into(),
            limit: 10,
            ..RequestListing::default()
        };
        let senseless = admin.requests(senseless).await.unwrap_err();
        assert_eq!(senseless.kind, AdminErrorKind::Invalid, "{who}");
    }
}
