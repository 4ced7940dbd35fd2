//! S34–S37: single sign-on is configured, tried, enabled, disabled.

use provost::admin::sso::SsoState;
use provost::admin::types::Overview;
use rstest::rstest;

use super::door::{Door, subject};
use super::world::World;
use super::{DD, FS, LD, SAFE, UN};

const PRESETS_BY_PASSWORD: &str = "in | no_op |";

async fn counts(world: &World) -> (u64, usize) {
    let Overview { active_members, .. } = world.remote().overview().await.unwrap();
    let sessions = world.remote().sessions(Default::default()).await.unwrap();
    (active_members, sessions.len())
}

#[rstest]
#[case(LD, SsoState::TestDrive)]
#[case(UN, SsoState::Off)]
#[case(FS, SsoState::Off)]
#[case(DD, SsoState::Off)]
#[case(SAFE, SsoState::TestDrive)]
#[tokio::test]
async fn s34_valid_metadata_is_saved(#[case] preset: &'static str, #[case] state: SsoState) {
    let world = World::under(preset).await;
    let door = Door::of(&world);
    let told = door.configure().await;
    let row = world.told(&told).await;
    assert!(row.starts_with("done | applied sso.machine |"), "{row}");
    assert_eq!(world.remote().sso().await.unwrap().state, state);
    assert_eq!(door.by_password().await, PRESETS_BY_PASSWORD);
}

#[rstest]
#[case(LD, true)]
#[case(UN, true)]
#[case(FS, true)]
#[case(DD, false)]
#[case(SAFE, false)]
#[tokio::test]
async fn s35_a_test_drive_changes_nothing(
    #[case] preset: &'static str,
    #[case] makes_members: bool,
) {
    let world = World::under(preset).await;
    let mut door = Door::of(&world);
    door.configure().await.unwrap();
    let before = counts(&world).await;
    let ada = provost::simulate::idp::Person {
        role: (preset == DD).then(|| "Standard".into()),
        team_keys: Some(vec!["Pay".into(), "ghost".into()]),
        ..subject("ada@x.io")
    };
    let row = door.drive(&ada).await;
    assert!(row.starts_with("drive ok | no_op sso.team_"), "{row}");
    let last = door.last().await;
    assert!(
        last.checks
            .iter()
            .all(|it| ["passed", "warned"].contains(&it.state.as_str())),
        "{:?}",
        last.checks
    );
    assert!(last.decoded.is_some());
    let would = last.would.unwrap();
    let role = match preset {
        LD | SAFE => "writer",
        UN => "Editor",
        FS => "user",
        _ => "Standard",
    };
    assert_eq!(
        (would.user_name.as_str(), would.is_new),
        ("ada@x.io", false)
    );
    assert_eq!(would.role.as_deref(), Some(role));
    assert_eq!(would.teams, ["Loc", "Pay"]);
    assert!(
        would.notes.iter().any(|it| it.contains("team ghost")),
        "{:?}",
        would.notes
    );
    let zoe = provost::simulate::idp::Person {
        role: (preset == DD).then(|| "Standard".into()),
        ..subject("zoe@x.io")
    };
    let row = door.drive(&zoe).await;
    let last = door.last().await;
    if makes_members {
        assert_eq!(row, "drive ok | no_op sso.jit |");
        assert!(last.would.unwrap().is_new);
    } else {
        assert!(row.starts_with("drive failed | refused JIT_OFF"), "{row}");
        assert_eq!(last.would, None);
        let check = last.checks.last().unwrap();
        assert_eq!(
            (check.id.as_str(), check.state.as_str()),
            ("provisioning", "failed")
        );
    }
    assert_eq!(counts(&world).await, before);
}

#[rstest]
#[case(LD, "out | refused SIGN_IN_USE_SSO |")]
#[case(UN, "in | no_op |")]
#[case(FS, "in | no_op |")]
#[case(DD, "in | no_op |")]
#[case(SAFE, "in | no_op |")]
#[tokio::test]
async fn s36_enabled(#[case] preset: &'static str, #[case] by_password: &str) {
    let world = World::under(preset).await;
    let mut door = Door::of(&world);
    door.configure().await.unwrap();
    if [LD, SAFE].contains(&preset) {
        let told = door.switch(SsoState::Enabled).await;
        assert!(
            world
                .told(&told)
                .await
                .contains("| refused SSO_NOT_TESTED sso.machine |")
        );
        door.drive(&subject("ada@x.io")).await;
    }
    if preset == SAFE {
        let told = door.switch(SsoState::Enabled).await;
        assert!(
            world
                .told(&told)
                .await
                .contains("| refused SSO_NO_RECOVERY guard.recovery_admin |")
        );
        door.prove_recovery().await;
    }
    let told = door.switch(SsoState::Enabled).await;
    let row = world.told(&told).await;
    let change = "settings: sso.state=enabled";
    assert!(
        row.starts_with("done | applied ") && row.ends_with(change),
        "{row}"
    );
    let ends = |what: &str| {
        told.as_ref()
            .unwrap()
            .warnings
            .iter()
            .any(|it| it.contains(what))
    };
    let both = [LD, SAFE].contains(&preset);
    assert_eq!(ends("can no longer sign in by password"), both);
    assert_eq!(ends("invitations end"), both);
    // The owner is a recovery admin under safe alone.
    assert_eq!(door.by_password().await, by_password);
}

#[rstest]
#[case(LD, true)]
#[case(UN, false)]
#[case(FS, false)]
#[case(SAFE, true)]
#[tokio::test]
async fn s37_disabled_again(#[case] preset: &'static str, #[case] must_reset: bool) {
    let world = World::under(preset).await;
    if preset == SAFE {
        world.set("sso.jit", "on").await;
    }
    let mut door = Door::enabled(&world).await;
    let row = door.sign_in(&subject("zoe@x.io")).await;
    assert!(row.starts_with("in | applied"), "{row}");
    let told = door.switch(SsoState::Off).await;
    let row = world.told(&told).await;
    assert!(
        row.starts_with("done | applied sso.on_disable_reset |"),
        "{row}"
    );
    let warnings = told.unwrap().warnings.join("\n");
    assert!(
        warnings.contains("an identity provider still provisions"),
        "{warnings}"
    );
    let asked = warnings.contains("1 member came by single sign-on and must set a password");
    assert_eq!(asked, must_reset, "{warnings}");
    assert_eq!(door.by_password().await, PRESETS_BY_PASSWORD);
    let status = world.remote().sso().await.unwrap();
    let named: Vec<String> = status.without_password.into_iter().map(|it| it.1).collect();
    assert_eq!(named, ["zoe@x.io"]);
    // Whatever they type, the log says why it is of no use.
    let mut browser = crate::people::Person::at(world.provider.real.server.public_url());
    browser.sign_in_at("/login", "zoe@x.io", "a password").await;
    assert_eq!(
        door.last().await.code.as_deref(),
        Some("SIGN_IN_NO_PASSWORD")
    );
}
