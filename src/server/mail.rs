//! Mail by SMTP: sent on a task of its own, again for a while when the server does not take it. What is not taken in the
//! end is said in the program's own log, without the text, which holds a link.

use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::error::ServerError;
use super::settings::Smtp;
use crate::config::SmtpTls;
use crate::engine::mail::{Mail, Post};

/// How long the server may take for one word.
const TIMEOUT: Duration = Duration::from_secs(20);
/// After which times a mail that was not taken is sent again.
const AGAIN: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_secs(15),
    Duration::from_mins(2),
    Duration::from_mins(10),
];

/// Sends mail.
pub(super) struct Postman {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    work: TaskTracker,
    stop: CancellationToken,
}

impl Postman {
    /// One who sends by this server, named `own` there.
    pub(super) fn new(
        smtp: &Smtp,
        own: &str,
        work: TaskTracker,
        stop: CancellationToken,
    ) -> Result<Self, ServerError> {
        let wrong = |reason: String| ServerError::Smtp { reason };
        let from = smtp.from.parse::<Mailbox>();
        let from =
            from.map_err(|_| wrong(format!("{:?} is no address to send from", smtp.from)))?;
        let parameters = || {
            TlsParameters::new_rustls(smtp.host.clone()).map_err(|error| wrong(error.to_string()))
        };
        let tls = match smtp.tls {
            SmtpTls::Starttls => Tls::Required(parameters()?),
            SmtpTls::Tls => Tls::Wrapper(parameters()?),
            SmtpTls::None => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&smtp.host)
            .port(smtp.port)
            .tls(tls)
            .timeout(Some(TIMEOUT));
        if let Some(host) = url::Url::parse(own)
            .ok()
            .and_then(|it| it.host_str().map(str::to_owned))
        {
            builder = builder.hello_name(ClientId::Domain(host));
        }
        if let Some((user, password)) = &smtp.login {
            let credentials = Credentials::new(user.clone(), password.expose().to_owned());
            builder = builder.credentials(credentials);
        }
        Ok(Self {
            transport: builder.build(),
            from,
            work,
            stop,
        })
    }

    fn message(&self, mail: &Mail) -> Result<Message, String> {
        let to = mail
            .to
            .parse()
            .map_err(|_| "the address cannot be mailed to".to_owned())?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.subject.clone())
            .body(mail.text.expose().to_owned());
        message.map_err(|error| error.to_string())
    }
}

impl Post for Postman {
    fn post(&self, mail: Mail) {
        let message = match self.message(&mail) {
            Ok(message) => message,
            Err(error) => {
                tracing::error!(%error, "a mail could not be written");
                return;
            }
        };
        let (transport, stop) = (self.transport.clone(), self.stop.clone());
        self.work.spawn(async move {
            let mut waits = AGAIN.into_iter();
            loop {
                let Err(error) = transport.send(message.clone()).await else {
                    return;
                };
                let Some(wait) = waits.next().filter(|_| !error.is_permanent()) else {
                    tracing::error!(%error, "a mail was not taken, and is not sent again");
                    return;
                };
                tracing::warn!(%error, seconds = wait.as_secs(), "a mail was not taken; it is sent again");
                tokio::select! {
                    () = tokio::time::sleep(wait) => {}
                    () = stop.cancelled() => return,
                }
            }
        });
    }
}
