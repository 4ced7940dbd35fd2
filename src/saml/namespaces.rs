//! The names of the XML namespaces that SAML is made of, spelled as their standards do.

/// SAML assertions (SAML Core §2).
pub const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// SAML protocol messages (SAML Core §3).
pub const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// XML Signature.
pub const XML_SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
/// Exclusive XML Canonicalization; also the algorithm's identifier.
pub const EXCLUSIVE_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
/// XML Encryption.
pub const XML_ENCRYPTION: &str = "http://www.w3.org/2001/04/xmlenc#";
/// XML Encryption 1.1.
pub const XML_ENCRYPTION_11: &str = "http://www.w3.org/2009/xmlenc11#";
