//! Pane 6, SCIM: the tokens that open the provider, and how an IdP is connected to it.

pub mod doc;
pub mod table;

use crate::admin::AdminError;
use crate::admin::link::ScimLink;
use crate::admin::types::{TokenId, TokenRow, Total};
use crate::console::remote::Remote;
use crate::console::store::{Generation, PagedList};
use crate::console::widgets::doc::DocCursor;

/// The tabs beside the tokens.
pub const TABS: [&str; 2] = ["Token", "Connect an IdP"];

/// The same while there is no token.
const TABS_WITHOUT_TOKEN: [&str; 1] = ["Connect an IdP"];

/// More tokens than anybody has.
const MOST: u32 = 1_000;

/// Pane 6.
#[derive(Debug)]
pub struct Scim {
    /// All tokens, newest first.
    pub tokens: Remote<Vec<TokenRow>>,
    /// Who is connected.
    pub link: Remote<Box<ScimLink>>,
    /// The same as a list, with its selection.
    pub list: PagedList<TokenRow>,
    /// The tab of the detail.
    pub tab: usize,
    /// Where one is in it.
    pub cursor: DocCursor,
    followed: Option<TokenId>,
}

impl Default for Scim {
    fn default() -> Self {
        Self {
            tokens: Remote::default(),
            link: Remote::default(),
            list: PagedList::new(MOST),
            tab: 0,
            cursor: DocCursor::default(),
            followed: None,
        }
    }
}

impl Scim {
    /// The tabs beside the tokens. Without a token there is only how to connect an IdP.
    pub fn tabs(&self) -> &'static [&'static str] {
        match self.current() {
            Some(_) => &TABS,
            None => &TABS_WITHOUT_TOKEN,
        }
    }

    /// The tab that is shown, one of [`Scim::tabs`].
    pub fn tab(&self) -> usize {
        self.tab.min(self.tabs().len() - 1)
    }

    /// The selected token.
    pub fn current(&self) -> Option<&TokenRow> {
        self.list.selected_row()
    }

    /// Takes the tokens in. Tells whether anything on the screen is different.
    pub fn loaded(
        &mut self,
        generation: Generation,
        result: Result<Vec<TokenRow>, AdminError>,
    ) -> bool {
        let before = self.tokens.value().cloned();
        let failed = self.tokens.error().is_some();
        if !self.tokens.answer(generation, result) {
            return false;
        }
        let now = self.tokens.value();
        if now == before.as_ref() {
            return failed || self.tokens.error().is_some();
        }
        let rows = now.cloned().unwrap_or_default();
        let total = Total::Exact(u64::try_from(rows.len()).unwrap_or(u64::MAX));
        self.list.invalidate();
        if let Some(page) = self.list.needs(1).first().copied() {
            self.list
                .page_loaded(page.generation, page.offset, rows, total);
        }
        true
    }

    /// Takes in who is connected. Tells whether anything on the screen is different.
    pub fn link_loaded(
        &mut self,
        generation: Generation,
        result: Result<Box<ScimLink>, AdminError>,
    ) -> bool {
        let before = self.link.value().cloned();
        self.link.answer(generation, result) && self.link.value() != before.as_ref()
    }

    /// Starts the detail at its top when another token is selected.
    pub fn follow(&mut self) {
        let selected = self.current().map(|token| token.id);
        if selected != self.followed {
            self.followed = selected;
            if self.tab == 0 {
                self.cursor = DocCursor::default();
            }
        }
    }
}
