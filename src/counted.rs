//! Numbers of things in words for people: `1 member`, `2,000 members`. Used by everything that counts something in a
//! sentence, so that no answer says `1 members`. Numbers for scripts never come through here.

/// A number with a comma at each thousand.
///
/// ```
/// assert_eq!(provost::counted::thousands(1_000_000), "1,000,000");
/// ```
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number of things whose plural ends with an s.
///
/// ```
/// use provost::counted::counted;
/// assert_eq!(counted(1, "member"), "1 member");
/// assert_eq!(counted(2_000, "member"), "2,000 members");
/// ```
pub fn counted(number: u64, one: &str) -> String {
    count(number, one, &format!("{one}s"))
}

/// A number of things whose plural is another word.
///
/// ```
/// use provost::counted::count;
/// assert_eq!(count(1, "path leads", "paths lead"), "1 path leads");
/// assert_eq!(count(0, "path leads", "paths lead"), "0 paths lead");
/// ```
pub fn count(number: u64, one: &str, many: &str) -> String {
    let word = if number == 1 { one } else { many };
    format!("{} {word}", thousands(number))
}
