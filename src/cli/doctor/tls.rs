//! Certificate and key of the HTTP server: there, readable, private, and for how long yet.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use x509_parser::pem::Pem;

use super::days_until;
use super::findings::Findings;
use crate::cli::output::time;
use crate::cli::remote::is_readable_by_others;
use crate::config::Settings;

const CHECK: &str = "certificate";
/// With fewer days left it should be renewed.
const SOON: i64 = 21;

/// Looks at both, where there are any.
pub fn check(settings: &Settings, now: Timestamp, findings: &mut Findings) {
    let Some(files) = &settings.tls else { return };
    match fs::read(&files.cert) {
        Ok(pem) => match expiry(&pem) {
            Some(expiry) => judge(&files.cert, expiry, now, findings),
            None => findings.error(
                CHECK,
                format!(
                    "{} holds no certificate that can be read",
                    files.cert.display()
                ),
                "give the certificate chain in PEM, the server's own first",
            ),
        },
        Err(error) => findings.error(
            CHECK,
            format!("{} cannot be read: {error}", files.cert.display()),
            "name another file with --tls-cert, or let this user read it",
        ),
    }
    key(&files.key, findings);
}

fn key(path: &Path, findings: &mut Findings) {
    const CHECK: &str = "private key";
    match fs::File::open(path) {
        Err(error) => findings.error(
            CHECK,
            format!("{} cannot be read: {error}", path.display()),
            "name another file with --tls-key, or let this user read it",
        ),
        Ok(_) if is_readable_by_others(path) => findings.warning(
            CHECK,
            format!("{} can be read by others", path.display()),
            format!("close it: chmod 600 {}", path.display()),
        ),
        Ok(_) => findings.ok(CHECK, format!("{}, for its owner alone", path.display())),
    }
}

/// When the first certificate of the chain, the server's own, ends.
fn expiry(pem: &[u8]) -> Option<Timestamp> {
    let first = Pem::iter_from_buffer(pem)
        .filter_map(Result::ok)
        .find(|block| block.label == "CERTIFICATE")?;
    let certificate = first.parse_x509().ok()?;
    Timestamp::from_second(certificate.validity().not_after.timestamp()).ok()
}

fn judge(path: &Path, expiry: Timestamp, now: Timestamp, findings: &mut Findings) {
    let days = days_until(expiry, now);
    let found = format!("{} is valid until {}", path.display(), time::full(expiry));
    match days {
        ..0 => findings.error(
            CHECK,
            format!("{} ended on {}", path.display(), time::full(expiry)),
            "renew it; the engine reads it when it starts",
        ),
        0..SOON => findings.warning(
            CHECK,
            format!("{found}, {days} d from now"),
            "renew it; the engine reads it when it starts",
        ),
        SOON.. => findings.ok(CHECK, found),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::admin::types::Severity;

    #[test]
    fn the_end_of_a_certificate_is_read() {
        let mut parameters = rcgen::CertificateParams::new(vec!["localhost".into()]).unwrap();
        parameters.not_after = rcgen::date_time_ymd(2027, 1, 31);
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = parameters.self_signed(&key).unwrap();
        let expiry = expiry(certificate.pem().as_bytes()).unwrap();
        assert_eq!(time::date(expiry), "2027-01-31");
    }

    #[test]
    fn what_is_no_certificate_has_no_end() {
        assert_eq!(
            expiry(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
            None
        );
        assert_eq!(expiry(b""), None);
    }

    #[rstest]
    #[case::over(-1, Severity::Error)]
    #[case::soon(5, Severity::Warning)]
    #[case::far(200, Severity::Ok)]
    fn the_rest_of_its_life_is_judged(#[case] days: i64, #[case] expected: Severity) {
        let now = Timestamp::UNIX_EPOCH;
        let expiry = now + jiff::SignedDuration::from_hours(24 * days + 1);
        let mut findings = Findings::default();
        judge(Path::new("c.pem"), expiry, now, &mut findings);
        assert_eq!(findings.into_vec()[0].severity, expected);
    }
}
