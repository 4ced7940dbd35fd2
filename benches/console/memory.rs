//! What the rows of a list hold.

use std::mem::size_of;

use provost::admin::types::{MemberRow, RequestRow};

use super::{data, request_data};
use crate::table::{Figure, Goal, Table};

/// Rows that the average is taken of.
const ROWS: u64 = 1_000;

/// Bytes of a row with its texts, on the average.
pub fn rows(table: &mut Table) {
    let now = data::noon();
    let optional = |text: &Option<String>| text.as_ref().map_or(0, String::capacity);
    let members: usize = (0..ROWS)
        .map(|number| {
            let row = data::member(number, now);
            row.name.capacity()
                + row.user_name.capacity()
                + optional(&row.email)
                + optional(&row.role)
                + row
                    .custom_roles
                    .iter()
                    .map(|role| role.capacity() + size_of::<String>())
                    .sum::<usize>()
        })
        .sum();
    let requests: usize = (0..ROWS)
        .map(|number| {
            let row = request_data::request(number, now);
            let subject = row.subject.as_ref().map_or(0, |subject| {
                optional(&subject.id) + subject.label.capacity()
            });
            row.method.capacity()
                + row.path.capacity()
                + row.resource.capacity()
                + subject
                + [&row.code, &row.token, &row.user_agent, &row.idp]
                    .into_iter()
                    .map(optional)
                    .sum::<usize>()
        })
        .sum();
    for (name, inline, texts) in [
        ("a row of members", size_of::<MemberRow>(), members),
        ("a row of the log", size_of::<RequestRow>(), requests),
    ] {
        table.add(Figure::value(
            format!("memory of {name}, {inline} of it inline"),
            inline as f64 + texts as f64 / ROWS as f64,
            "B",
            Goal::at_most(200.0),
        ));
    }
}
