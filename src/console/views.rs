//! Saved views: a filter and an order of a list under a name. A file of the user's own, `views.toml` beside their keymap,
//! which may be written by hand, too.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::panes::PaneId;
use super::private_file;
use crate::admin::types::Sort;

/// The most views that are kept.
pub const MOST: usize = 100;
/// The longest name, in characters.
const LONGEST_NAME: usize = 40;

/// A filter and an order of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// What it is called; unique without regard to case.
    pub name: String,
    /// The pane of the list.
    pub pane: PaneId,
    /// The filter; empty shows everything.
    #[serde(default)]
    pub query: String,
    /// The order, where the list has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<Sort>,
}

/// The file as it stands on the disk.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ViewsFile {
    #[serde(default, rename = "view")]
    views: Vec<View>,
}

/// The saved views, in the order in which they were saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Views {
    /// The views.
    pub all: Vec<View>,
    /// Whether they can be saved: not without a file, and not over one that could not be read.
    pub can_save: bool,
}

impl Views {
    /// The view of this name.
    pub fn find(&self, name: &str) -> Option<&View> {
        self.all.iter().find(|view| same(&view.name, name))
    }

    /// Takes a view in, in the place of one of the same name. Gives the reason where it cannot be.
    pub fn put(&mut self, view: View) -> Result<(), String> {
        check_name(&view.name)?;
        let count = self.all.len();
        let there = self.all.iter_mut().find(|old| same(&old.name, &view.name));
        match there {
            Some(old) => *old = view,
            None if count >= MOST => return Err(format!("there are {MOST} already")),
            None => self.all.push(view),
        }
        Ok(())
    }
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn check_name(name: &str) -> Result<(), String> {
    if name.trim().is_empty() || name.chars().any(char::is_control) {
        return Err("a view needs a name that can be read".to_owned());
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(format!("a name has at most {LONGEST_NAME} characters"));
    }
    Ok(())
}

/// Reads the views of a file; none where there is no file.
pub fn load(path: &Path) -> Result<Views, String> {
    let text = private_file::read(path).map_err(|error| error.to_string())?;
    let all = parse(&text.unwrap_or_default())?;
    Ok(Views {
        all,
        can_save: true,
    })
}

/// Reads the text of a file.
pub fn parse(text: &str) -> Result<Vec<View>, String> {
    let file: ViewsFile = toml::from_str(text).map_err(|error| error.to_string())?;
    let mut views = Views::default();
    for view in file.views {
        if views.find(&view.name).is_some() {
            return Err(format!("two views are called {}", view.name));
        }
        if matches!(
            view.pane,
            PaneId::Home | PaneId::Sso | PaneId::Scim | PaneId::Policy | PaneId::Incidents
        ) {
            return Err(format!("{}: this pane has no filter", view.name));
        }
        views.put(view)?;
    }
    Ok(views.all)
}

/// Writes the views in the place of those before.
pub fn save(path: &Path, views: &[View]) -> io::Result<()> {
    let file = ViewsFile {
        views: views.to_vec(),
    };
    let text = toml::to_string(&file).map_err(io::Error::other)?;
    private_file::replace(path, &text)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn view(name: &str, query: &str) -> View {
        View {
            name: name.into(),
            pane: PaneId::Members,
            query: query.into(),
            sort: Some(Sort::Name),
        }
    }

    #[test]
    fn what_is_saved_is_read_again() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("views.toml");
        assert_eq!(load(&path).unwrap().all, []);
        let all = vec![view("gone", "active:false"), view("Ünï \"q\"", "a\\b")];
        save(&path, &all).unwrap();
        assert_eq!(load(&path).unwrap().all, all);
    }

    #[test]
    fn a_name_is_taken_once_whatever_its_case() {
        let mut views = Views::default();
        views.put(view("gone", "active:false")).unwrap();
        views.put(view("GONE", "active:true")).unwrap();
        assert_eq!(views.all, [view("GONE", "active:true")]);
    }

    #[rstest]
    #[case::syntax("[[view]", "")]
    #[case::pane("[[view]]\nname = \"a\"\npane = \"home\"", "no filter")]
    #[case::unknown("[[view]]\nname = \"a\"\npane = \"members\"\ncolour = 1", "colour")]
    #[case::twice(
        "[[view]]\nname=\"a\"\npane=\"teams\"\n[[view]]\nname=\"A\"\npane=\"teams\"",
        "two views"
    )]
    #[case::nameless("[[view]]\nname = \" \"\npane = \"members\"", "name")]
    fn what_is_no_file_of_views_is_an_error(#[case] text: &str, #[case] part: &str) {
        let error = parse(text).unwrap_err();
        assert!(error.contains(part), "{error}");
    }
}
