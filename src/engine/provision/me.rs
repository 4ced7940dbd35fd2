//! `/Me`: the alias of whoever asks (RFC 7644 §3.11).

use crate::directory::MemberId;
use crate::engine::call::{MeMethod, Operation};
use crate::scim::{ResourceKind, ScimError};

/// What a method on `/Me` means for the member whom the token belongs to.
///
/// A provisioning token belongs to no member, and then there is no alias: 501 with every method, as RFC 7644 §3.11 says
/// of a server that does not offer it to this client. Otherwise it is the operation on `/Users/{id}`, and `Location`
/// names the resource. POST would sign somebody up who is a member already.
pub(super) fn alias(method: MeMethod, member: Option<MemberId>) -> Result<Operation, ScimError> {
    let Some(member) = member else {
        return Err(ScimError::new(
            501,
            "/Me is not offered to this token: it belongs to no member",
        ));
    };
    let (kind, id) = (ResourceKind::User, member.to_string());
    match method {
        MeMethod::Get => Ok(Operation::Read(kind, id)),
        MeMethod::Put => Ok(Operation::Replace(kind, id)),
        MeMethod::Patch => Ok(Operation::Patch(kind, id)),
        MeMethod::Delete => Ok(Operation::Delete(kind, id)),
        MeMethod::Post => Err(ScimError::conflict(
            "there is a member behind this token already; POST to /Me creates none",
        )),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use uuid::Uuid;

    use super::*;

    const ALL: [MeMethod; 5] = [
        MeMethod::Get,
        MeMethod::Post,
        MeMethod::Put,
        MeMethod::Patch,
        MeMethod::Delete,
    ];

    #[test]
    fn a_token_of_nobody_has_no_alias() {
        for method in ALL {
            assert_eq!(alias(method, None).unwrap_err().status, 501);
        }
    }

    #[rstest]
    #[case(MeMethod::Get, Operation::Read as fn(_, _) -> _)]
    #[case(MeMethod::Put, Operation::Replace)]
    #[case(MeMethod::Patch, Operation::Patch)]
    #[case(MeMethod::Delete, Operation::Delete)]
    fn a_member_s_token_means_the_member(
        #[case] method: MeMethod,
        #[case] operation: fn(ResourceKind, String) -> Operation,
    ) {
        let member = MemberId(Uuid::from_u128(7));
        let expected = operation(ResourceKind::User, member.to_string());
        assert_eq!(alias(method, Some(member)), Ok(expected));
    }

    #[test]
    fn who_is_there_already_is_not_created() {
        let member = MemberId(Uuid::from_u128(7));
        assert_eq!(alias(MeMethod::Post, Some(member)).unwrap_err().status, 409);
    }
}
