//! The metadata of the identity provider read once more: what of it is taken over, and which signing certificates are
//! believed afterwards.
//!
//! A certificate that the metadata names is believed. One that it names no more is believed until it has expired or
//! [`GRACE`] has passed, since identity providers take the old one out of the document before the last of their servers has
//! stopped signing with it. One that an admin has accepted besides stays until an admin takes it back. What is left out
//! for want of room is never the only one that is valid.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::sso::{CERTIFICATES, IdpSettings, Outside};
use crate::saml::certificate::SigningCertificate;

/// How long a certificate is still believed after it has left the metadata.
pub const GRACE: SignedDuration = SignedDuration::from_hours(24 * 7);

/// A certificate that is believed, or may be.
struct Believed {
    text: String,
    fingerprint: String,
    not_after: Timestamp,
    is_valid: bool,
    /// Why it is here though the metadata does not name it.
    outside: Option<Outside>,
}

impl Believed {
    /// What cannot be read is believed by nobody.
    fn read(text: &str, now: Timestamp) -> Option<Self> {
        let read = SigningCertificate::from_text(text).ok()?;
        Some(Self {
            text: text.to_owned(),
            fingerprint: read.fingerprint().to_string(),
            not_after: read.not_after(),
            is_valid: read.is_valid_at(now),
            outside: None,
        })
    }
}

/// The settings after the metadata was read once more. What does not follow from the metadata stays as an admin has set
/// it, and so does the format of the NameID. The same settings where nothing has changed that matters: when it was read,
/// and until when it holds, does not.
pub fn refreshed(before: &IdpSettings, read: &IdpSettings, now: Timestamp) -> IdpSettings {
    let (certificates, outside) = believed(before, read, now);
    let after = IdpSettings {
        sign_in_url: read.sign_in_url.clone(),
        binding: read.binding,
        wants_signed_requests: read.wants_signed_requests,
        certificates,
        outside,
        ..before.clone()
    };
    if after == *before {
        return after;
    }
    IdpSettings {
        metadata_at: read.metadata_at,
        valid_until: read.valid_until,
        ..after
    }
}

/// Where members would be sent now, if that is another place than before: an address nobody has looked at. A path or a
/// query may change; scheme, host and port may not.
pub fn moved(before: &IdpSettings, read: &IdpSettings) -> Option<String> {
    let origin = |text: &str| Url::parse(text).ok().map(|url| url.origin());
    let (was, is) = (origin(&before.sign_in_url), origin(&read.sign_in_url));
    let stays = before.sign_in_url == read.sign_in_url || (is.is_some() && was == is);
    (!stays).then(|| read.sign_in_url.clone())
}

/// The certificates that an admin has given and that the configuration before did not hold: they stay, whatever the
/// metadata says. Without metadata to be read again there is nothing to tell apart.
pub fn given_by_hand(
    before: Option<&IdpSettings>,
    given: &IdpSettings,
) -> BTreeMap<String, Outside> {
    let known = before.filter(|it| {
        it.entity_id == given.entity_id
            && it.metadata_url.is_some()
            && it.metadata_url == given.metadata_url
    });
    let Some(known) = known else {
        return BTreeMap::new();
    };
    let prints = |certificates: &[String]| -> Vec<String> {
        let read = certificates
            .iter()
            .filter_map(|text| SigningCertificate::from_text(text).ok());
        read.map(|it| it.fingerprint().to_string()).collect()
    };
    let had = prints(&known.certificates);
    let all = prints(&given.certificates).into_iter();
    all.filter_map(|print| {
        let outside = known.outside.get(&print).cloned();
        let outside = outside.or_else(|| (!had.contains(&print)).then_some(Outside::Added));
        Some((print, outside?))
    })
    .collect()
}

fn believed(
    before: &IdpSettings,
    read: &IdpSettings,
    now: Timestamp,
) -> (Vec<String>, BTreeMap<String, Outside>) {
    let parse = |texts: &[String]| -> Vec<Believed> {
        let read = texts.iter().filter_map(|text| Believed::read(text, now));
        read.collect()
    };
    let named = parse(&read.certificates);
    let is_named = |it: &Believed| named.iter().any(|one| one.fingerprint == it.fingerprint);
    let (mut stay, mut gone) = (Vec::new(), Vec::new());
    for mut known in parse(&before.certificates) {
        if is_named(&known) {
            stay.push(known);
            continue;
        }
        let outside = before.outside.get(&known.fingerprint).cloned();
        let outside = outside.unwrap_or(Outside::Left { since: now });
        let is_over = match &outside {
            Outside::Added => false,
            Outside::Left { since } => {
                known.not_after <= now || now.duration_since(*since) >= GRACE
            }
        };
        known.outside = Some(outside);
        if is_over {
            gone.push(known);
        } else {
            stay.push(known);
        }
    }
    for new in named {
        if !stay.iter().any(|one| one.fingerprint == new.fingerprint) {
            stay.push(new);
        }
    }
    if !stay.iter().any(|it| it.is_valid) {
        // Nothing else could be signed with today.
        gone.retain(|it| it.is_valid);
        stay.extend(gone.into_iter().max_by_key(|it| it.not_after));
    }
    while stay.len() > CERTIFICATES {
        let Some(out) = least_needed(&stay) else {
            break;
        };
        stay.remove(out);
    }
    let outside = stay
        .iter()
        .filter_map(|it| Some((it.fingerprint.clone(), it.outside.clone()?)))
        .collect();
    (stay.into_iter().map(|it| it.text).collect(), outside)
}

/// Which of too many goes: the one that left the metadata first, then one that was given by hand, then the one of the
/// metadata that ends first; the only valid one never does.
fn least_needed(all: &[Believed]) -> Option<usize> {
    let valid = all.iter().filter(|it| it.is_valid).count();
    let may_go = |it: &&(usize, &Believed)| !(it.1.is_valid && valid == 1);
    let rank = |it: &Believed| match &it.outside {
        Some(Outside::Left { since }) => (0, *since),
        Some(Outside::Added) => (1, it.not_after),
        None => (2, it.not_after),
    };
    let all: Vec<_> = all.iter().enumerate().collect();
    let least = all.iter().filter(may_go).min_by_key(|(_, it)| rank(it));
    least.map(|(at, _)| *at)
}

#[cfg(test)]
#[path = "roll_over_tests.rs"]
mod tests;
