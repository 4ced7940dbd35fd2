//! Carries out what is asked about single sign-on and sessions.

use std::path::Path;

use crate::admin::sso::{ConfigureSso, SsoSource};
use crate::admin::types::{Done, Outcome};
use crate::admin::{AdminError, AdminErrorKind, AdminWrite};
use crate::console::sso_deed::SsoDeed;

/// How much of a file is read. The metadata of the largest federations is not one identity provider's.
const MOST_BYTES: u64 = 16 << 20;

/// Carries it out.
pub async fn carry_out(client: &dyn AdminWrite, deed: &SsoDeed) -> Result<Done, AdminError> {
    match deed {
        SsoDeed::Configure(configure)
        | SsoDeed::Refresh(configure)
        | SsoDeed::AddCertificate(configure) => client.configure_sso((**configure).clone()).await,
        SsoDeed::ConfigureFromFile(path, configure) => {
            let mut configure: ConfigureSso = (**configure).clone();
            if let SsoSource::Metadata { xml, .. } = &mut configure.source {
                *xml = read(path)?;
            }
            client.configure_sso(configure).await
        }
        SsoDeed::Map(_, map) => client.map_claims(map.clone()).await,
        SsoDeed::Switch(switch) => client.switch_sso(*switch).await,
        SsoDeed::Forget(seen) => client.remove_sso(*seen).await,
        SsoDeed::EndSessions(ids, _) => {
            let mut last = Done {
                outcome: Outcome::NoOp,
                id: String::new(),
                changes: Vec::new(),
                warnings: Vec::new(),
                request_id: None,
            };
            for id in ids {
                match client.end_session(*id).await {
                    Ok(done) => last = done,
                    // One that ended meanwhile is as it shall be.
                    Err(error) if error.kind == AdminErrorKind::NotFound => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(last)
        }
    }
}

fn read(path: &Path) -> Result<String, AdminError> {
    let shown = path.display();
    let invalid = |why: String| AdminError::new(AdminErrorKind::Invalid, why);
    let size = std::fs::metadata(path).map_err(|error| invalid(format!("{shown}: {error}")))?;
    if !size.is_file() {
        return Err(invalid(format!("{shown} is not a file")));
    }
    if size.len() > MOST_BYTES {
        return Err(invalid(format!("{shown} is too large for metadata")));
    }
    std::fs::read_to_string(path).map_err(|error| invalid(format!("{shown}: {error}")))
}
