//! The SCIM provider's edge: which operation a request asks for, whether it may come in, and the engine's answer as
//! HTTP. Every path that is nobody else's comes here, too: somewhere there is an identity provider with a wrong base URL.

mod answer;
mod media_type;
mod nearest;
mod prefer;
mod route;

pub(super) use answer::answer;
