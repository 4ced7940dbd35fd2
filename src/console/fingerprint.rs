//! The fingerprint of a certificate that an admin is asked to believe, as other programs print it.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// SHA-256 of a certificate that is PEM or the base64 of its DER, as `openssl x509 -fingerprint -sha256` prints it;
/// `None` where it is neither.
pub fn fingerprint(certificate: &str) -> Option<String> {
    let bare: String = certificate
        .lines()
        .filter(|line| !line.trim_start().starts_with("-----"))
        .flat_map(str::chars)
        .filter(|character| !character.is_whitespace())
        .collect();
    let der = STANDARD.decode(bare).ok().filter(|der| !der.is_empty())?;
    let hash = digest(&SHA256, &der);
    let bytes: Vec<String> = hash.as_ref().iter().map(|it| format!("{it:02X}")).collect();
    Some(bytes.join(":"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn armour_makes_no_difference() {
        let bare = fingerprint("AQID").unwrap();
        assert!(bare.starts_with("03:90:58:C6:F2:C0:CB:49"), "{bare}");
        let armoured = "-----BEGIN CERTIFICATE-----\r\nAQ\r\nID\r\n-----END CERTIFICATE-----\r\n";
        assert_eq!(fingerprint(armoured), Some(bare));
        assert_eq!(fingerprint("no base64!"), None);
    }
}
