//! Made-up answers about the policy: the real keys, a few of them set.

use jiff::Timestamp;
use provost::admin::policy::{
    Answered, LastChange, PolicyDetail, PolicyDiff, PolicyDifference, PolicyRow, PolicySource,
    Reanswered, Simulate, Simulation,
};
use provost::admin::types::{Outcome, RequestId};
use provost::directory::Policy;
use provost::directory::policy::{KEYS, preset_names};

use super::data;

/// What is set otherwise than `safe` has it, and where that comes from.
const SET: [(&str, &str, PolicySource); 2] = [
    ("users.on_delete", "remove", PolicySource::Set),
    ("guard.blast_radius", "off", PolicySource::File),
];

fn in_force() -> Policy {
    let safe = Policy::preset("safe").unwrap();
    let mut set = SET.iter();
    set.try_fold(safe, |policy, (key, value, _)| policy.with(key, value))
        .unwrap()
}

pub fn detail(now: Timestamp) -> PolicyDetail {
    let (policy, safe) = (in_force(), Policy::preset("safe").unwrap());
    let keys = KEYS.iter().map(|key| {
        let set = SET.iter().find(|(name, ..)| *name == key.name);
        let source = set.map_or(PolicySource::Preset, |(_, _, source)| *source);
        PolicyRow {
            key: key.name.into(),
            value: policy.value(key.name).unwrap(),
            preset_value: safe.value(key.name).unwrap(),
            source,
            meaning: key.meaning.into(),
            values: key.values.iter().map(|value| (*value).into()).collect(),
            scenarios: key.scenarios.to_vec(),
            changed: (source == PolicySource::Set).then(|| LastChange {
                at: data::before(now, 7_200),
                actor: "console".into(),
                request: Some(RequestId(4_812)),
            }),
        }
    });
    PolicyDetail {
        preset: "safe".into(),
        preset_source: PolicySource::Set,
        preset_changed: None,
        version: 3,
        undo: None,
        presets: preset_names(),
        keys: keys.collect(),
    }
}

pub fn diff(preset: &str) -> PolicyDiff {
    PolicyDiff {
        from: "safe".into(),
        preset: preset.into(),
        version: 3,
        differences: differences(&Policy::preset(preset).unwrap()),
    }
}

fn differences(then: &Policy) -> Vec<PolicyDifference> {
    let now = in_force();
    let keys = KEYS
        .iter()
        .filter(|key| now.value(key.name) != then.value(key.name));
    keys.map(|key| PolicyDifference {
        key: key.name.into(),
        now: now.value(key.name).unwrap(),
        then: then.value(key.name).unwrap(),
        meaning: key.meaning.into(),
    })
    .collect()
}

pub fn simulation(now: Timestamp, simulate: &Simulate) -> Simulation {
    let preset = simulate.preset.as_deref().unwrap_or("safe");
    let answered = |status, outcome, code: Option<&str>, key: &str| Answered {
        status,
        outcome,
        code: code.map(Into::into),
        policy_key: Some(key.into()),
    };
    let applied = answered(204, Outcome::Applied, None, "users.on_delete");
    let change = |n: u64| Reanswered {
        request: RequestId(4_800 + n),
        at: data::before(now, 600),
        method: "DELETE".into(),
        path: "/scim/v2/Users/0197".into(),
        subject: Some(format!("user{n}@acme.example")),
        recorded: applied.clone(),
        now: applied.clone(),
        then: answered(
            403,
            Outcome::Refused,
            Some("LAST_ADMIN"),
            "guard.last_admin",
        ),
    };
    Simulation {
        differences: differences(&Policy::preset(preset).unwrap()),
        from: Some(data::before(now, 86_400)),
        until: Some(now),
        decided: 1_204,
        left_out: 2,
        drifted: 7,
        changed: (0..3).map(change).collect(),
        limits: vec!["it rests on the request log".into()],
    }
}
