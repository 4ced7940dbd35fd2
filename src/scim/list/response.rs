//! The answer to a list (RFC 7644 §3.4.2), written as it goes.
//!
//! The counts stand behind the resources, so that a page can be sent before its length is known. They are integers:
//! Okta takes strings for a failure. `itemsPerPage` is the number of resources in this very page.

use std::fmt::Write as _;

/// The schema URN of a list.
pub const LIST_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/// A page in the making.
#[derive(Clone, Debug)]
pub struct ListResponse {
    text: String,
    items: u64,
}

impl Default for ListResponse {
    fn default() -> Self {
        Self::new()
    }
}

impl ListResponse {
    /// A page without resources.
    pub fn new() -> Self {
        Self {
            text: format!(r#"{{"schemas":["{LIST_RESPONSE}"],"Resources":["#),
            items: 0,
        }
    }

    /// A page without resources, with room for so many bytes of them.
    pub fn with_room(bytes: usize) -> Self {
        let mut page = Self::new();
        page.text.reserve(bytes.saturating_add(128));
        page
    }

    /// Adds the JSON text of a resource.
    pub fn push(&mut self, resource: &str) {
        self.push_with(|text| text.push_str(resource));
    }

    /// Adds a resource that writes itself to the end of the text.
    pub fn push_with(&mut self, write: impl FnOnce(&mut String)) {
        if self.items > 0 {
            self.text.push(',');
        }
        write(&mut self.text);
        self.items += 1;
    }

    /// What was written so far, taken away; for streams.
    pub fn take_text(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    /// The page. `total_results` counts all resources that match, `start_index` is where the page begins.
    pub fn finish(mut self, total_results: u64, start_index: u64) -> String {
        let items = self.items;
        // Writing to a string cannot fail.
        let _ = write!(
            self.text,
            r#"],"totalResults":{total_results},"startIndex":{start_index},"itemsPerPage":{items}}}"#
        );
        self.text
    }

    /// The page of a cursor, with those of its neighbours (RFC 9865 §2). `next` is missing from the last page alone,
    /// `previous` from the first. Cursors are written as they are: their characters need no escape.
    pub fn finish_with_cursors(
        mut self,
        total_results: u64,
        next: Option<&str>,
        previous: Option<&str>,
    ) -> String {
        let items = self.items;
        let _ = write!(
            self.text,
            r#"],"totalResults":{total_results},"itemsPerPage":{items}"#
        );
        for (name, cursor) in [("previousCursor", previous), ("nextCursor", next)] {
            if let Some(cursor) = cursor {
                let _ = write!(self.text, r#","{name}":"{cursor}""#);
            }
        }
        self.text.push('}');
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn an_empty_page_says_so_in_integers() {
        let page: Value = serde_json::from_str(&ListResponse::new().finish(0, 1)).unwrap();
        assert_eq!(page["totalResults"], 0);
        assert_eq!(page["itemsPerPage"], 0);
        assert_eq!(page["Resources"], Value::Array(vec![]));
        assert_eq!(page["schemas"][0], LIST_RESPONSE);
    }

    #[test]
    fn cursors_stand_in_the_place_of_the_index() {
        let page = ListResponse::new().finish_with_cursors(7, Some("n-_"), None);
        let page: Value = serde_json::from_str(&page).unwrap();
        assert_eq!(page["nextCursor"], "n-_");
        assert_eq!(page.get("previousCursor"), None);
        assert_eq!(page.get("startIndex"), None);
    }

    #[test]
    fn items_per_page_is_what_the_page_holds() {
        let mut page = ListResponse::new();
        page.push(r#"{"id":"a"}"#);
        page.push(r#"{"id":"b"}"#);
        let page: Value = serde_json::from_str(&page.finish(12, 11)).unwrap();
        assert_eq!(page["itemsPerPage"], 2);
        assert_eq!(page["totalResults"], 12);
        assert_eq!(page["startIndex"], 11);
        assert_eq!(page["Resources"][1]["id"], "b");
    }
}
