//! Paths: where in a resource something is (RFC 7644 §3.10), and what a PATCH operation aims at (§3.5.2).

mod attribute_path;
mod patch_path;

pub use attribute_path::AttributePath;
pub use patch_path::PatchPath;
