//! Where a resource stands in a list: what pages that follow one another are cut by.
//!
//! A place is made of what the resource is sorted by and of its number, which counts up as resources are made. Both stay
//! as they are while the resource does, so that a walk from place to place meets every unchanged resource once, whatever
//! else comes and goes.

use super::sort::SortKey;

/// A place in ascending order: by key, those without one last, then by number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    is_missing: bool,
    key: Option<SortKey>,
    number: i64,
}

impl Place {
    /// The place of a resource.
    pub fn new(key: Option<SortKey>, number: i64) -> Self {
        Self {
            is_missing: key.is_none(),
            key,
            number,
        }
    }

    /// What the resource is sorted by.
    pub fn key(&self) -> Option<&SortKey> {
        self.key.as_ref()
    }

    /// Its number.
    pub fn number(&self) -> i64 {
        self.number
    }

    /// The place as bytes, for a cursor.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.number.to_be_bytes().to_vec();
        if let Some(key) = &self.key {
            bytes.push(1);
            bytes.extend_from_slice(key.as_bytes());
        }
        bytes
    }

    /// A place that was taken apart with [`to_bytes`](Self::to_bytes).
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (number, rest) = bytes.split_first_chunk::<8>()?;
        let key = match rest.split_first() {
            None => None,
            Some((1, key)) => Some(SortKey::from_bytes(key)),
            Some(_) => return None,
        };
        Some(Self::new(key, i64::from_be_bytes(*number)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(key: Option<&str>, number: i64) -> Place {
        Place::new(key.map(SortKey::text), number)
    }

    #[test]
    fn places_are_in_order() {
        let ordered = [
            place(Some(""), 9),
            place(Some("a"), 2),
            place(Some("a"), 3),
            place(Some("b"), 1),
            place(None, 1),
            place(None, 2),
        ];
        assert!(ordered.is_sorted());
    }

    #[test]
    fn bytes_lead_back_to_the_place() {
        for place in [
            place(None, -1),
            place(Some(""), 7),
            place(Some("key"), i64::MAX),
        ] {
            assert_eq!(Place::from_bytes(&place.to_bytes()), Some(place));
        }
        assert_eq!(Place::from_bytes(b"short"), None);
        assert_eq!(Place::from_bytes(&[0, 0, 0, 0, 0, 0, 0, 0, 2]), None);
    }
}
