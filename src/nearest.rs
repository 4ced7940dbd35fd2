//! "Did you mean": the word of a small list that is nearest to a mistyped one. Used by everything that reads words a
//! person wrote (settings, themes, queries), so that each can name what would have been right.
//!
//! Meant for lists of at most a few hundred short words; longer input is not compared.

/// Words longer than this are not compared; nobody mistypes a key that long.
const LONGEST: usize = 64;

/// The candidate nearest to `word` without case, if one is near enough to be what was meant: at most a third of its
/// letters differ, of a dotted key of each of its parts, or it begins with the word.
///
/// ```
/// use provost::nearest::nearest;
/// assert_eq!(nearest("stauts", ["status", "method", "user"]), Some("status"));
/// assert_eq!(nearest("zzz", ["status", "method", "user"]), None);
/// assert_eq!(nearest("user.naem", ["user.name", "user.role"]), Some("user.name"));
/// assert_eq!(nearest("user.zzz", ["user.name", "user.role"]), None);
/// ```
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    if word.is_empty() || word.len() > LONGEST {
        return None;
    }
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let other = candidate.to_lowercase();
            let begun = word.chars().count() >= 2 && other.starts_with(&word);
            (begun || is_near(&word, &other)).then(|| (distance(&word, &other), candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Whether at most a third of the letters differ. Two keys of as many parts are compared part by part: that both are of
/// one group says nothing about what was meant in it.
fn is_near(word: &str, other: &str) -> bool {
    let near = |word: &str, other: &str| {
        let longest = word.chars().count().max(other.chars().count());
        distance(word, other) <= (longest / 3).max(1)
    };
    if word.matches('.').count() == other.matches('.').count() {
        let mut parts = word.split('.').zip(other.split('.'));
        parts.all(|(word, other)| near(word, other))
    } else {
        near(word, other)
    }
}

/// How many letters must be put in, taken out, changed or swapped with their neighbour to make one from the other.
pub fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    let mut previous: Option<char> = None;
    for (i, a) in one.chars().enumerate() {
        let mut row = Vec::with_capacity(other.len() + 1);
        row.push(i + 1);
        for (j, b) in other.iter().enumerate() {
            let at =
                |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&last, j) + usize::from(a != *b))
                .min(at(&last, j + 1) + 1)
                .min(at(&row, j) + 1);
            let swapped = j > 0 && previous == Some(*b) && other.get(j - 1) == Some(&a);
            if swapped {
                best = best.min(at(&before_last, j - 1) + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
        previous = Some(a);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("stauts", Some("status"))]
    #[case("STATUS", Some("status"))]
    #[case("metho", Some("method"))]
    #[case("us", Some("user"))]
    #[case("xyzzy", None)]
    #[case("", None)]
    fn the_nearest_word_is_the_one_meant(#[case] word: &str, #[case] expected: Option<&str>) {
        assert_eq!(nearest(word, ["status", "method", "user"]), expected);
    }

    #[rstest]
    #[case("", "abc", 3)]
    #[case("kitten", "sitting", 3)]
    #[case("ab", "ba", 1)]
    #[case("same", "same", 0)]
    fn distances_count_edits_and_swaps(
        #[case] one: &str,
        #[case] other: &str,
        #[case] expected: usize,
    ) {
        assert_eq!(distance(one, other), expected);
    }
}
