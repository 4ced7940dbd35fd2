//! Who is signed in.

/// Somebody whom the test identity provider knows, with what it says of them. A list that is None is not sent, one that
/// is empty is sent with an empty value, which clears what the member has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// E-mail address, which becomes the NameID.
    pub email: String,
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// Base role.
    pub role: Option<String>,
    /// Keys of custom roles.
    pub custom_roles: Option<Vec<String>>,
    /// Keys of teams.
    pub team_keys: Option<Vec<String>>,
}

impl Person {
    /// The attributes that are sent, by Provost's own names and in its order.
    pub(super) fn attributes(&self) -> Vec<(&'static str, Vec<String>)> {
        let one = |value: &Option<String>| value.clone().map(|value| vec![value]);
        let many = |values: &Option<Vec<String>>| {
            values.clone().map(|values| {
                if values.is_empty() {
                    vec![String::new()]
                } else {
                    values
                }
            })
        };
        [
            ("firstName", one(&self.first_name)),
            ("lastName", one(&self.last_name)),
            ("role", one(&self.role)),
            ("customRole", many(&self.custom_roles)),
            ("teamKey", many(&self.team_keys)),
        ]
        .into_iter()
        .filter_map(|(name, values)| Some((name, values?)))
        .collect()
    }
}
