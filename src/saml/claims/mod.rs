//! Claims: what an assertion says of the member beyond the name, in Provost's words.
//!
//! [`ClaimMapping`] says by which attribute names each [`Claim`] may come, with defaults for the usual identity
//! providers. [`Claims::from_attributes`] reads the attributes of a verified assertion with it and keeps absent, empty and
//! given apart, since each means something else: unchanged, cleared, replaced. What a value means (is there such a role?)
//! is not decided here, and neither is whether there may be several.
//!
//! Invariants: no attribute name belongs to two claims; values are bounded in number and length; nothing
//! is guessed from a name that only looks alike.

mod claim;
mod clean;
mod defaults;
mod mapping;
#[cfg(test)]
mod tests;
mod values;

pub use claim::{Claim, UnknownClaim};
pub use clean::{clean, is_shown};
pub use mapping::{ATTRIBUTE_NAME_LENGTH, ClaimMapping, ClaimMappingError, NAMES_PER_CLAIM};
pub use values::{
    Claims, ClaimsError, Overshadowed, ReadClaim, VALUE_LENGTH, VALUES_PER_CLAIM, Values,
};
