//! Looking up: by id, by filter, and in pages.

use std::cell::Cell;

use anyhow::Result;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::bench::{Bench, Limit};
use super::load::{Served, Until};
use super::people;
use super::wire::request;
use crate::table::Goal;

/// So many letters of a `userName` are no other's.
const BEGINNING: usize = 16;

/// What is read.
#[derive(Clone, Copy, Debug)]
pub enum Read {
    /// One member.
    Id,
    /// The member with a `userName`.
    UserName,
    /// The members with an e-mail address.
    Email,
    /// The member with an `externalId`.
    ExternalId,
    /// The first page of those whose `userName` starts so: one, however many members there are.
    Beginning,
    /// A hundred members, from anywhere in the list.
    Page,
}

impl Read {
    /// The filters that an index answers.
    pub const FILTERS: [(&str, Self); 4] = [
        ("userName eq", Self::UserName),
        ("externalId eq", Self::ExternalId),
        ("emails.value eq", Self::Email),
        ("userName sw", Self::Beginning),
    ];

    fn path(self, bench: &Bench, number: u64) -> String {
        let number = number.wrapping_mul(7_919) % bench.members().max(1);
        let filter = |text: String| {
            format!(
                "/scim/v2/Users?filter={}",
                utf8_percent_encode(&text, NON_ALPHANUMERIC)
            )
        };
        match self {
            Self::Id => format!("/scim/v2/Users/{}", bench.id(number)),
            Self::UserName => filter(format!("userName eq \"{}\"", people::user_name(number))),
            Self::Email => filter(format!("emails.value eq \"{}\"", people::email(number))),
            Self::ExternalId => {
                filter(format!("externalId eq \"{}\"", people::external_id(number)))
            }
            Self::Beginning => {
                let name = people::user_name(number);
                let beginning = name.get(..BEGINNING).unwrap_or(&name);
                filter(format!("userName sw \"{beginning}\"")) + "&count=1"
            }
            Self::Page => format!("/scim/v2/Users?startIndex={}&count=100", number + 1),
        }
    }
}

impl Bench {
    /// All of them at 16 clients.
    pub async fn reads(&mut self) -> Result<()> {
        for (read, name, goal) in [
            (Read::Id, "GET", Goal::at_least(0.45, 0.7)),
            (
                Read::UserName,
                "filter userName",
                Goal::at_least(0.45, 0.65),
            ),
            (Read::Email, "filter e-mail", Goal::at_least(0.35, 0.5)),
            (Read::Page, "list of 100", Goal::at_least(0.15, 0.5)),
        ] {
            let next = Cell::new(0);
            let measured = self
                .measure(Limit::Http, async |bench, until| {
                    bench.read(read, &next, until).await
                })
                .await?;
            self.add_rate(&format!("{name}, 16 clients"), &measured, goal);
        }
        Ok(())
    }

    /// Reads at 16 clients.
    pub async fn read(&self, read: Read, next: &Cell<u64>, until: Until) -> Result<Served> {
        let token = &self.account.scim_token;
        let write = |number: u64, into: &mut Vec<u8>| {
            request(into, token, "GET", &read.path(self, number), "");
        };
        self.load(&write, next).run(until).await
    }
}
