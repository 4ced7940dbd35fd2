//! Entra's attribute mapping: which attribute of a person goes to which SCIM path, and what changed. Pure.

use super::patch::{Operation, Verb};
use crate::simulate::cast::{Person, Role};
use crate::simulate::wire::{ENTERPRISE, PROVOST};

/// Every mapped attribute, references and `active` aside, with its value where it has one.
fn attributes(person: &Person) -> Vec<(String, Option<String>)> {
    let some = |path: &str, value: &str| (path.to_owned(), Some(value.to_owned()));
    let place = person.place.as_ref();
    vec![
        some("userName", &person.user_name),
        some("displayName", &person.display_name()),
        some("title", &person.title),
        some("emails[type eq \"work\"].value", &person.user_name),
        some("name.givenName", &person.given_name),
        some("name.familyName", &person.family_name),
        some("name.formatted", &person.display_name()),
        some("externalId", &person.external_id),
        some(&format!("{ENTERPRISE}:department"), &person.department),
        some(
            &format!("{ENTERPRISE}:employeeNumber"),
            &person.employee_number,
        ),
        (
            format!("{PROVOST}:role"),
            person.role.as_str().map(str::to_owned),
        ),
        (
            "phoneNumbers[type eq \"mobile\"].value".into(),
            person.mobile.clone(),
        ),
        (
            "addresses[type eq \"work\"].locality".into(),
            place.map(|place| place.city.clone()),
        ),
        (
            "addresses[type eq \"work\"].country".into(),
            place.map(|place| place.country.clone()),
        ),
        (
            // An app role. The mapping compares a boolean with text.
            "roles[primary eq \"True\"].value".into(),
            person
                .app_role
                .as_ref()
                .and_then(Role::as_str)
                .map(str::to_owned),
        ),
    ]
}

/// What takes a person from `before` to `after`. Entra never sends that an attribute lost its value.
pub(super) fn changes(before: &Person, after: &Person) -> Vec<Operation> {
    let olds = attributes(before);
    let news = attributes(after);
    let mut operations = Vec::new();
    for ((_, old), (path, new)) in olds.into_iter().zip(news) {
        let Some(value) = new else { continue };
        match old {
            None => operations.push(Operation::new(Verb::Add, path, value)),
            Some(old) if old != value => {
                operations.push(Operation::new(Verb::Replace, path, value));
            }
            Some(_) => {}
        }
    }
    operations
}

/// What brings a user over that the server holds already, whatever it holds: every attribute.
pub(super) fn everything(person: &Person) -> Vec<Operation> {
    let with_value = attributes(person).into_iter();
    with_value
        .filter_map(|(path, value)| Some(Operation::new(Verb::Replace, path, value?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::cast::{Casting, Names, Place, Provider};

    #[test]
    fn only_what_changed_is_sent_and_nulls_never_are() {
        let names = Names::load().expect("the scenario");
        let before = Casting::new(names, "x.example", 1).person(Provider::Entra);
        let mut after = before.clone();
        after.title = "Another".into();
        after.place = Some(Place {
            city: "Oslo".into(),
            country: "NO".into(),
            locale: "nb-NO".into(),
        });
        let sent = changes(&before, &after);
        let sent: Vec<(Verb, &str)> = sent.iter().map(|o| (o.verb, o.path.as_str())).collect();
        assert_eq!(
            sent,
            [
                (Verb::Replace, "title"),
                (Verb::Add, "addresses[type eq \"work\"].locality"),
                (Verb::Add, "addresses[type eq \"work\"].country"),
            ]
        );
        let back = changes(&after, &before);
        assert_eq!(back.len(), 1, "the address stays: {back:?}");
    }
}
