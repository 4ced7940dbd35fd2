//! Who may poll: the one token that was made with the stream.

use crate::directory::Stream;
use crate::engine::AuthFailure;
use crate::server::bearer::{self, Bearer};
use crate::server::edge::Edge;
use crate::server::intake::Intake;
use crate::server::rejection::Rejection;

/// Lets in whoever brings the token of the stream with this id. The token of another stream is as good as none: it says
/// nothing about which streams there are.
pub(super) async fn open(
    intake: &mut Intake,
    edge: &Edge,
    stream: &str,
) -> Result<Stream, Rejection> {
    let rejection = match bearer::read(&intake.head.parts.headers) {
        Bearer::Absent => Rejection::NoToken(None),
        Bearer::Malformed(fault) => Rejection::Malformed(fault, None),
        Bearer::Token { secret, .. } => match edge.engine.poll_stream(&secret).await {
            Ok(Some(found)) if found.id.to_string() == stream.to_ascii_lowercase() => {
                intake.trust(format!("the token of stream {}", found.name));
                return Ok(found);
            }
            Ok(_) => Rejection::Token(AuthFailure::Unknown, None),
            Err(error) => {
                tracing::error!(%error, "a poll token could not be looked up");
                return Err(Rejection::Token(AuthFailure::Unavailable, None));
            }
        },
    };
    Err(intake.failed(edge, rejection))
}
