//! What Provost notices about single sign-on by itself, and an admin should know: metadata that cannot be read any more or
//! that names another place, certificates that end.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::incident::{Incident, IncidentSeverity, IncidentSubject, Raised};
use crate::counted::counted;

/// How often in a row the metadata cannot be read before that is an incident.
pub const FAILURES: u32 = 3;

/// How the note begins with which Provost closes an incident whose cause has gone.
const BY_ITSELF: &str = "over by itself";

/// Something noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SsoFinding {
    /// The metadata could not be read so often in a row.
    MetadataFails {
        /// Why the last time.
        why: String,
        /// How often.
        times: u32,
        /// Since when.
        since: Timestamp,
    },
    /// The metadata names another identity provider, or another place to sign in.
    MetadataMoved {
        /// One sentence.
        why: String,
        /// The new name or place.
        place: String,
        /// Since when.
        since: Timestamp,
    },
    /// A certificate ends, or has ended.
    CertificateEnds {
        /// Whose.
        whose: CertificateOf,
        /// Its fingerprint.
        fingerprint: String,
        /// When.
        ends: Timestamp,
        /// How near that is.
        stage: EndStage,
    },
}

/// Whose certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateOf {
    /// The identity provider's, with which it signs.
    IdentityProvider,
    /// Our own.
    Ourselves,
}

/// How near the end of a certificate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EndStage {
    /// 30 days or less.
    Month,
    /// 7 days or less.
    Week,
    /// It has passed.
    Ended,
}

impl EndStage {
    /// How near it is now; `None` where there is time.
    pub fn of(ends: Timestamp, now: Timestamp) -> Option<Self> {
        let left = ends.duration_since(now);
        let days = |count: i64| SignedDuration::from_hours(24 * count);
        if left <= SignedDuration::ZERO {
            Some(Self::Ended)
        } else if left <= days(7) {
            Some(Self::Week)
        } else {
            (left <= days(30)).then_some(Self::Month)
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Month => "30 days",
            Self::Week => "7 days",
            Self::Ended => "ended",
        }
    }
}

impl SsoFinding {
    /// Every explain code that there is.
    pub const CODES: [&'static str; 5] = [
        "SSO_METADATA_FAILED",
        "SSO_METADATA_MOVED",
        "SSO_CERTIFICATE_ENDS",
        "SSO_CERTIFICATE_ENDED",
        "SSO_OWN_CERTIFICATE_ENDS",
    ];

    /// The explain code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MetadataFails { .. } => "SSO_METADATA_FAILED",
            Self::MetadataMoved { .. } => "SSO_METADATA_MOVED",
            Self::CertificateEnds {
                whose: CertificateOf::Ourselves,
                ..
            } => "SSO_OWN_CERTIFICATE_ENDS",
            Self::CertificateEnds {
                stage: EndStage::Ended,
                ..
            } => "SSO_CERTIFICATE_ENDED",
            Self::CertificateEnds { .. } => "SSO_CERTIFICATE_ENDS",
        }
    }

    /// What tells it apart among those of its code.
    pub fn key(&self) -> String {
        match self {
            Self::MetadataFails { .. } => String::new(),
            Self::MetadataMoved { place, .. } => place.clone(),
            Self::CertificateEnds {
                fingerprint, stage, ..
            } => format!("{fingerprint} {}", stage.word()),
        }
    }

    /// How much it matters.
    pub fn severity(&self) -> IncidentSeverity {
        match self {
            Self::MetadataFails { .. } => IncidentSeverity::Warning,
            Self::MetadataMoved { .. } => IncidentSeverity::Critical,
            Self::CertificateEnds { stage, .. } => match stage {
                EndStage::Month => IncidentSeverity::Notice,
                EndStage::Week => IncidentSeverity::Warning,
                EndStage::Ended => IncidentSeverity::Critical,
            },
        }
    }

    /// What it is about.
    pub fn subject(&self) -> String {
        match self {
            Self::MetadataFails { .. } | Self::MetadataMoved { .. } => {
                "metadata of the identity provider".to_owned()
            }
            Self::CertificateEnds {
                fingerprint, ends, ..
            } => format!("certificate until {}, SHA-256 {fingerprint}", day(*ends)),
        }
    }

    /// What was noticed, one sentence.
    pub fn detail(&self, now: Timestamp) -> String {
        match self {
            Self::MetadataFails { why, times, .. } => format!(
                "the metadata could not be read {} in a row; the last time: {why}",
                counted(u64::from(*times), "time")
            ),
            Self::MetadataMoved { why, .. } => why.clone(),
            Self::CertificateEnds {
                whose,
                fingerprint,
                ends,
                ..
            } => {
                let what = match whose {
                    CertificateOf::IdentityProvider => "the signing certificate",
                    CertificateOf::Ourselves => "our own certificate",
                };
                format!("{what} {fingerprint} {}", when(*ends, now))
            }
        }
    }

    /// As an incident.
    pub fn raised(&self) -> Raised {
        Raised {
            code: self.code(),
            severity: self.severity(),
            key: self.key(),
            subject: IncidentSubject::thing(self.subject()),
            held: None,
        }
    }

    /// Whether the newest incident of this code about this tells it already: it is open, or an admin has closed it since
    /// this began. What closed by itself and begins anew is told anew.
    pub fn is_told_by(&self, newest: Option<&Incident>) -> bool {
        let Some(incident) = newest else { return false };
        if incident.tended.closed.is_none() {
            return true;
        }
        let since = match self {
            Self::MetadataFails { since, .. } | Self::MetadataMoved { since, .. } => *since,
            Self::CertificateEnds { .. } => Timestamp::MIN,
        };
        let note = incident.tended.note.as_deref().unwrap_or_default();
        !note.starts_with(BY_ITSELF) && incident.opened >= since
    }

    /// The note with which an incident of this code is closed once its cause has gone.
    pub fn over(code: &str) -> String {
        let why = match code {
            "SSO_METADATA_FAILED" | "SSO_METADATA_MOVED" => {
                "the metadata is read again, or another configuration was set"
            }
            _ => "the certificate was replaced, or its next step was told anew",
        };
        format!("{BY_ITSELF}: {why}")
    }
}

/// The day of a moment, in UTC.
pub fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

/// When something ends or has ended, with the day.
pub fn when(ends: Timestamp, now: Timestamp) -> String {
    let days = |span: SignedDuration| {
        let days = u64::try_from(span.as_secs() / 86_400).unwrap_or_default();
        counted(days, "day")
    };
    if ends <= now {
        let ago = days(now.duration_since(ends));
        format!("ended on {}, {ago} ago", day(ends))
    } else {
        format!(
            "ends on {}, in {}",
            day(ends),
            days(ends.duration_since(now))
        )
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::directory::incident::{IncidentId, Tended};

    const DAY: i64 = 86_400;

    fn now() -> Timestamp {
        "2026-12-01T12:00:00Z".parse().unwrap()
    }

    fn in_seconds(seconds: i64) -> Timestamp {
        now() + SignedDuration::from_secs(seconds)
    }

    #[rstest]
    #[case(31 * DAY, None)]
    #[case(30 * DAY, Some(EndStage::Month))]
    #[case(7 * DAY + 1, Some(EndStage::Month))]
    #[case(7 * DAY, Some(EndStage::Week))]
    #[case(1, Some(EndStage::Week))]
    #[case(0, Some(EndStage::Ended))]
    #[case(-DAY, Some(EndStage::Ended))]
    fn a_certificate_has_three_stages(#[case] seconds: i64, #[case] stage: Option<EndStage>) {
        assert_eq!(EndStage::of(in_seconds(seconds), now()), stage);
    }

    fn ending(whose: CertificateOf, seconds: i64) -> SsoFinding {
        let ends = in_seconds(seconds);
        SsoFinding::CertificateEnds {
            whose,
            fingerprint: "AB:CD".into(),
            ends,
            stage: EndStage::of(ends, now()).unwrap(),
        }
    }

    #[test]
    fn the_severity_goes_up_and_each_stage_is_told_for_itself() {
        let stages =
            [20 * DAY, 5 * DAY, -DAY].map(|it| ending(CertificateOf::IdentityProvider, it));
        let severities = stages.each_ref().map(SsoFinding::severity);
        assert!(severities.is_sorted() && severities[0] < severities[2]);
        assert_ne!(stages[0].key(), stages[1].key());
        assert_eq!(
            stages[1].detail(now()),
            "the signing certificate AB:CD ends on 2026-12-06, in 5 days"
        );
        assert_eq!(stages[2].code(), "SSO_CERTIFICATE_ENDED");
        let own = ending(CertificateOf::Ourselves, -DAY);
        assert_eq!(own.code(), "SSO_OWN_CERTIFICATE_ENDS");
        assert_eq!(own.severity(), IncidentSeverity::Critical);
        for finding in stages.iter().chain([&own]) {
            assert!(SsoFinding::CODES.contains(&finding.code()));
        }
    }

    fn incident(opened: Timestamp, closed: Option<&str>) -> Incident {
        Incident {
            id: IncidentId(1),
            code: String::new(),
            severity: IncidentSeverity::Notice,
            opened,
            last: opened,
            count: 1,
            subjects: Vec::new(),
            evidence: Vec::new(),
            waiting: 0,
            held: 0,
            tended: Tended {
                closed: closed.map(|_| now()),
                note: closed.map(str::to_owned),
                ..Tended::default()
            },
        }
    }

    #[test]
    fn what_an_admin_has_closed_is_told_again_only_once_it_begins_anew() {
        let fails = |since| SsoFinding::MetadataFails {
            why: "404".into(),
            times: 3,
            since,
        };
        let over = SsoFinding::over("SSO_METADATA_FAILED");
        let (before, after) = (in_seconds(-10), in_seconds(10));
        assert!(!fails(before).is_told_by(None));
        assert!(fails(after).is_told_by(Some(&incident(now(), None))));
        assert!(fails(before).is_told_by(Some(&incident(now(), Some("known")))));
        assert!(!fails(after).is_told_by(Some(&incident(now(), Some("known")))));
        assert!(!fails(before).is_told_by(Some(&incident(now(), Some(&over)))));
        let ends = ending(CertificateOf::IdentityProvider, DAY);
        assert!(ends.is_told_by(Some(&incident(before, Some("known")))));
        assert!(!ends.is_told_by(Some(&incident(before, Some(&over)))));
    }
}
