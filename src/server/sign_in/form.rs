//! The fields of a form (`application/x-www-form-urlencoded`). Fields that nobody asks for are passed over. Pure.

use http::{HeaderMap, header};
use url::form_urlencoded;

use crate::saml::relay_state::LocalPath;
use crate::secret::Secret;

/// How many fields are looked at.
const MOST: usize = 256;

/// The fields.
pub(super) struct Fields(Vec<(String, Secret)>);

impl Fields {
    /// Reads a body, if its `Content-Type` is that of a form and nothing encodes it.
    pub(super) fn of_body(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let is_plain = headers
            .get(header::CONTENT_ENCODING)
            .is_none_or(|coding| coding.as_bytes().eq_ignore_ascii_case(b"identity"));
        let essence = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        let essence = essence.split(';').next().unwrap_or_default().trim();
        let is_form = essence.eq_ignore_ascii_case("application/x-www-form-urlencoded");
        (is_plain && is_form).then(|| Self::parse(body))
    }

    /// Reads the query of a URL.
    pub(super) fn of_query(query: Option<&str>) -> Self {
        Self::parse(query.unwrap_or_default().as_bytes())
    }

    fn parse(text: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(text).take(MOST);
        let owned = pairs.map(|(name, value)| (name.into_owned(), Secret::new(value.into_owned())));
        Self(owned.collect())
    }

    /// The first field called so; one without a value counts as absent.
    pub(super) fn secret(&self, name: &str) -> Option<&Secret> {
        let mut found = self.0.iter().filter(|(known, _)| known == name);
        let found = found.next().map(|(_, value)| value);
        found.filter(|value| !value.expose().is_empty())
    }

    /// The same, where it is no secret.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.secret(name).map(Secret::expose)
    }

    /// Every field called so.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        let found = self.0.iter().filter(|(known, _)| known == name);
        found.map(|(_, value)| value.expose().to_owned()).collect()
    }

    /// A path of ours. Whatever else stands there leads nowhere.
    pub(super) fn path(&self, name: &str) -> Option<String> {
        let path = LocalPath::parse(self.text(name)?).ok()?;
        Some(path.as_str().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("/account", true)]
    #[case("/a?b=c", true)]
    #[case("//evil.example", false)]
    #[case("/\\evil.example", false)]
    #[case("https://evil.example/", false)]
    #[case("javascript:alert(1)", false)]
    #[case("/\t/evil.example", false)]
    #[case("", false)]
    fn only_paths_of_ours_are_followed(#[case] to: &str, #[case] is_ours: bool) {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("to", to)
            .finish();
        let path = Fields::of_query(Some(&query)).path("to");
        assert_eq!(path.as_deref(), is_ours.then_some(to));
    }

    #[test]
    fn what_is_no_form_is_none() {
        let mut headers = HeaderMap::new();
        assert!(Fields::of_body(&headers, b"a=1").is_none());
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        assert!(Fields::of_body(&headers, b"a=1").is_none());
        let form = HeaderValue::from_static("application/x-www-form-urlencoded; charset=UTF-8");
        headers.insert(header::CONTENT_TYPE, form);
        let fields = Fields::of_body(&headers, b"a=1&a=2&b=&x=%00").unwrap();
        assert_eq!((fields.text("a"), fields.text("b")), (Some("1"), None));
        assert_eq!(fields.all("a"), ["1", "2"]);
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        assert!(Fields::of_body(&headers, b"a=1").is_none());
    }
}
