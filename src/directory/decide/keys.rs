//! The keys by which people and clients find an object again (`userName`, `displayName`, `externalId`): what they may
//! not hold.

use serde_json::Value;

use super::verdict::Draft;
use crate::directory::decision::{Decision, RefusalKind, Stage, TraceStep};
use crate::directory::fold::{invisible, visible};
use crate::directory::member::Attributes;

/// Refuses a key with a character that nobody can read, type or tell from another: a control character in any, one that
/// is not seen in a `userName` or looks like a blank and is none, blanks around one, and a name of nothing that is seen. A display name may hold what joins the letters of its
/// script, as only its key does without. One that was stored before may stay, so that the object can still be changed in
/// everything else.
pub(super) fn readable(
    draft: Draft,
    before: Option<&Attributes>,
    after: &Attributes,
    keys: [&str; 2],
) -> Result<Draft, Decision> {
    for key in keys {
        let Some(text) = after.get(key).and_then(Value::as_str) else {
            continue;
        };
        let kept = before.and_then(|attributes| attributes.get(key)?.as_str());
        if kept == Some(text) {
            continue;
        }
        let Some((came, what, expected)) = unreadable(key, text) else {
            continue;
        };
        let what = format!("{key} {what}");
        let step = TraceStep::failed(Stage::Policy, what).comparing(expected, came);
        return Err(draft.refuse(RefusalKind::Invalid, "BAD_VALUE", step));
    }
    Ok(draft)
}

/// What is wrong with a key: what came, what it is, and what is expected.
fn unreadable(key: &str, text: &str) -> Option<(String, String, &'static str)> {
    let number = |letter: char| format!("U+{:04X}", u32::from(letter));
    if let Some(letter) = text.chars().find(|letter| letter.is_control()) {
        let came = number(letter);
        let what = format!("holds the control character {came}, which is not allowed there");
        return Some((came, what, "no control character"));
    }
    match key {
        "userName" => {
            if let Some(letter) =
                invisible(text).or_else(|| text.chars().find(|letter| is_false_blank(*letter)))
            {
                let came = number(letter);
                let what =
                    format!("holds the invisible character {came}, which is not allowed there");
                return Some((came, what, "no invisible character"));
            }
            let is_padded = text.trim() != text;
            let what =
                "begins or ends with a blank, by which it would be told from the same name without";
            is_padded.then(|| ("a blank".into(), what.into(), "no blank around it"))
        }
        "displayName" if visible(text).trim().is_empty() => {
            let came = number(invisible(text)?);
            let what = "holds nothing but invisible characters".to_owned();
            Some((came, what, "a name that is seen"))
        }
        _ => None,
    }
}

/// Whether it is seen as a blank, or as the end of a line, and is not the blank of a keyboard. The empty pattern of Braille
/// counts as a letter to Unicode.
fn is_false_blank(letter: char) -> bool {
    letter == '\u{2800}' || (letter.is_whitespace() && letter != ' ')
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    fn attributes(user_name: &str) -> Attributes {
        let Value::Object(map) = json!({ "userName": user_name, "externalId": "7" }) else {
            unreachable!("it is an object");
        };
        map
    }

    #[rstest]
    #[case::one("\u{1}", false)]
    #[case::among_others("ada\u{1b}[31m@x.io", false)]
    #[case::line_end("ada\n", false)]
    #[case::delete("ada\u{7f}", false)]
    #[case::second_range("ada\u{85}", false)]
    #[case::line_separator("ada\u{2028}", false)]
    #[case::paragraph_separator("a\u{2029}da", false)]
    #[case::fixed_blank("ada\u{a0}l", false)]
    #[case::braille_blank("ada\u{2800}", false)]
    #[case::blank_before(" ada", false)]
    #[case::blank_behind("ada ", false)]
    #[case::blank_inside("ada l", true)]
    #[case::letters("Ада Łovelace 李", true)]
    fn a_user_name_can_be_read_and_typed(#[case] user_name: &str, #[case] allowed: bool) {
        let after = attributes(user_name);
        let checked = readable(Draft::new("rfc"), None, &after, ["userName", "externalId"]);
        assert_eq!(checked.is_ok(), allowed);
        // What is stored already does not keep the rest from being changed.
        let kept = readable(
            Draft::new("rfc"),
            Some(&after),
            &after,
            ["userName", "externalId"],
        );
        assert!(kept.is_ok());
    }

    #[rstest]
    #[case::joined_letters("क्\u{200d}ष", true)]
    #[case::joined_emoji("👩\u{200d}💻", true)]
    #[case::mark_of_direction("\u{200f}צוות", true)]
    #[case::nothing_seen("\u{200b}\u{2060}", false)]
    #[case::nothing_but_blanks("\u{200b} ", false)]
    fn a_display_name_is_seen(#[case] name: &str, #[case] allowed: bool) {
        let Value::Object(after) = json!({ "displayName": name, "externalId": "\u{200d}" }) else {
            unreachable!("it is an object");
        };
        let checked = readable(
            Draft::new("rfc"),
            None,
            &after,
            ["displayName", "externalId"],
        );
        assert_eq!(checked.is_ok(), allowed);
    }

    #[test]
    fn the_character_is_named_and_not_repeated() {
        let after = attributes("a\u{1b}b");
        let refused = readable(Draft::new("rfc"), None, &after, ["userName", "externalId"])
            .err()
            .and_then(|decision| decision.refusal)
            .unwrap();
        assert_eq!(refused.code, "BAD_VALUE");
        assert!(refused.detail.contains("U+001B"), "{}", refused.detail);
        assert!(!refused.detail.contains('\u{1b}'));
    }
}
