//! Values of `guard.*`: what no request may do.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Values of `guard.owner`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuardSwitch {
    /// The owner cannot be created, deactivated or removed by a request, and keeps their role.
    Immutable,
    /// The owner is like anybody else.
    Off,
}

/// Values of `guard.last_admin`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LastAdmin {
    /// 403: somebody has to be able to let the others in.
    Deny,
    /// Done, and noted.
    Warn,
    /// Done.
    Off,
}

/// Values of `guard.recovery_admin`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecoveryAdmin {
    /// There must be one who has shown lately that they can sign in.
    RequireProven,
    /// Their absence is remarked.
    Recommend,
    /// Nobody asks.
    Off,
}

/// Value of `guard.blast_radius`: how many members an identity provider may deactivate or remove within a time before
/// the rest waits for an admin. Written `off`, or like `20 per 60s or 5%`, where the larger number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum BlastRadius {
    /// Any number.
    Off,
    /// So many.
    Limit {
        /// Members, at least one.
        count: u32,
        /// The time, in seconds.
        seconds: u32,
        /// The share of all members that is allowed where it is more than `count`, in percent; 0 for none.
        percent: u8,
    },
}

impl BlastRadius {
    /// How many of `members` may go within the time; `None` for any number.
    pub fn allowed(self, members: u64) -> Option<u64> {
        match self {
            Self::Off => None,
            Self::Limit { count, percent, .. } => {
                let share = members.saturating_mul(u64::from(percent)) / 100;
                Some(u64::from(count).max(share))
            }
        }
    }
}

impl FromStr for BlastRadius {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "off" {
            return Ok(Self::Off);
        }
        let read = || {
            let (count, rest) = text.split_once(" per ")?;
            let (time, share) = match rest.split_once(" or ") {
                Some((time, share)) => (time, Some(share.strip_suffix('%')?)),
                None => (rest, None),
            };
            let count = count.parse().ok().filter(|count| *count > 0)?;
            let seconds = time.strip_suffix('s')?.parse().ok()?;
            let percent = share.map_or(Some(0), |share| share.parse().ok())?;
            let is_sensible = (1..=86_400).contains(&seconds) && percent <= 100;
            is_sensible.then_some(Self::Limit {
                count,
                seconds,
                percent,
            })
        };
        read().ok_or_else(|| {
            format!(
                "{text:?} is neither \"off\" nor a number per time such as \"20 per 60s or 5%\""
            )
        })
    }
}

impl TryFrom<String> for BlastRadius {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<BlastRadius> for String {
    fn from(radius: BlastRadius) -> Self {
        radius.to_string()
    }
}

impl fmt::Display for BlastRadius {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Off => f.write_str("off"),
            Self::Limit {
                count,
                seconds,
                percent: 0,
            } => write!(f, "{count} per {seconds}s"),
            Self::Limit {
                count,
                seconds,
                percent,
            } => write!(f, "{count} per {seconds}s or {percent}%"),
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("off")]
    #[case("20 per 60s")]
    #[case("20 per 60s or 5%")]
    fn a_blast_radius_is_read_as_it_is_written(#[case] text: &str) {
        let radius: BlastRadius = text.parse().unwrap();
        assert_eq!(radius.to_string(), text);
    }

    #[rstest]
    #[case("")]
    #[case("0 per 60s")]
    #[case("20")]
    #[case("20 per 60")]
    #[case("20 in 60s")]
    #[case("20 per 60s or 5")]
    #[case("20 per 60s or 500%")]
    #[case("20 per 60s or 5% or so")]
    #[case("-1 per 60s")]
    fn anything_else_is_not(#[case] text: &str) {
        assert!(text.parse::<BlastRadius>().is_err());
    }

    #[test]
    fn the_larger_of_number_and_share_is_allowed() {
        let radius: BlastRadius = "20 per 60s or 5%".parse().unwrap();
        assert_eq!(radius.allowed(100), Some(20));
        assert_eq!(radius.allowed(10_000), Some(500));
        assert_eq!(BlastRadius::Off.allowed(10), None);
    }
}
