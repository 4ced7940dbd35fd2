//! Mail as the engine knows it: written here, after the commit of what it tells of, and sent by whoever the edge brings.

use std::sync::Arc;

use super::Engine;
use crate::directory::PasswordLinkKind;
use crate::secret::Secret;

/// A mail.
#[derive(Clone, Debug)]
pub struct Mail {
    /// To which address.
    pub to: String,
    /// What it is about.
    pub subject: String,
    /// The text; it may hold a link that opens an account.
    pub text: Secret,
}

/// Who sends mail.
pub trait Post: Send + Sync {
    /// Takes a mail to be sent. Returns at once.
    fn post(&self, mail: Mail);
}

impl Engine {
    /// Sends mail by this one from now on. The first word counts.
    pub fn mail_by(&self, post: Arc<dyn Post>) {
        let _ = self.post.set(post);
    }

    /// Whether mail is sent.
    pub fn sends_mail(&self) -> bool {
        self.post.get().is_some()
    }

    /// Mails a link to set a password with. Says whether somebody takes it.
    pub(super) fn mail_link(&self, to: &str, kind: PasswordLinkKind, url: &str) -> bool {
        let Some(post) = self.post.get() else {
            return false;
        };
        let organisation = &self.account.organisation;
        let (subject, why) = match kind {
            PasswordLinkKind::Invitation => (
                format!("You are invited to {organisation}"),
                format!("You are invited to {organisation}. Set your password here:"),
            ),
            PasswordLinkKind::Reset => (
                format!("Your password at {organisation}"),
                "Somebody, probably you, has asked for another password. Set it here:".to_owned(),
            ),
        };
        let end = match kind {
            PasswordLinkKind::Invitation => "The link works once.",
            PasswordLinkKind::Reset => {
                "The link works once, within an hour. If it was not you, do nothing: your password stays."
            }
        };
        post.post(Mail {
            to: to.to_owned(),
            subject,
            text: Secret::new(format!("{why}\r\n\r\n{url}\r\n\r\n{end}\r\n")),
        });
        true
    }
}
