//! What identity providers really send, one file for each of them: the answer, what is read back, and that the request
//! log names each deviation that was tolerated.

mod authentik;
mod entra;
mod entra_flagged;
mod entra_groups;
mod everybody;
mod google;
mod jumpcloud;
mod keycloak;
mod okta;
mod okta_groups;
mod onelogin;
mod ping;
