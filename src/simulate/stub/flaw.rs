//! What the stub can do wrong.

/// One thing the stub does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// Counts of lists are strings.
    CountsAsStrings,
    /// `itemsPerPage` is the count that was asked for.
    CountEchoed,
    /// Bodies are `application/json`.
    PlainJson,
    /// A create is answered without a body.
    EmptyCreate,
    /// The password comes back.
    PasswordEchoed,
    /// Any token will do.
    AnyToken,
    /// 401 without `WWW-Authenticate`.
    NoChallenge,
    /// `status` of errors is a number.
    StatusAsNumber,
    /// 409 without `scimType`.
    ConflictWithoutType,
    /// A second user of the same name is created.
    DoublesUsers,
    /// A look-up that finds nothing is answered with 404.
    NothingIs404,
    /// `userName` is compared exactly.
    ExactCase,
    /// The second page repeats a row of the first.
    UnstableOrder,
    /// `"False"` is answered with 200 and changes nothing.
    TextBooleansIgnored,
    /// `Remove members` with a value removes everybody.
    RemovesEverybody,
    /// A remove with a filter removes nobody.
    RemovesNobody,
    /// Dotted keys are stored as they are.
    DottedKeysStored,
    /// The read-only id in a replace is refused.
    ReadOnlyIdRefused,
    /// A replace that does not name members clears them.
    ReplaceClearsMembers,
    /// Replacing members by nobody changes nothing.
    EmptyMembersIgnored,
    /// Unknown members are left out. A server may do so, and no day may stumble over it.
    UnknownMembersLeftOut,
    /// Unknown members are taken for members.
    UnknownMembersShown,
    /// What came before a failing operation stays.
    PatchIsPartial,
    /// `excludedAttributes` is ignored.
    MembersAlwaysShown,
    /// Filters on one value are ignored, and the value is set.
    MonoFilterAccepted,
    /// An inactive user answers 404.
    InactiveIsHidden,
    /// An inactive user loses its groups.
    InactiveLeavesGroups,
    /// A deleted user is still shown.
    DeletedIsShown,
    /// A deleted group is kept.
    GroupsStay,
    /// A PUT changes the resource but not `active`.
    PutKeepsActive,
    /// A manager that comes as a string is dropped.
    ManagerTextDropped,
    /// Each write changes another user too.
    TouchesOthers,
    /// Every answer is 500.
    Broken,
}
