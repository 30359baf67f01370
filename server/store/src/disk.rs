//! The disk that a database lies on.

use std::path::Path;

/// How many bytes are free for this user. `None` if the system does not say.
pub(crate) fn free(path: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(path).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// The name of the file system if it is a network one. SQLite's log needs shared memory and reliable locks. A network
/// file system guarantees neither, so the database may be damaged.
#[must_use]
pub fn network_disk(path: &Path) -> Option<&'static str> {
    #[cfg(target_os = "linux")]
    {
        // The kernel's magic numbers have 32 bits; the field's type differs between architectures.
        let kind = rustix::fs::statfs(path).ok()?.f_type;
        named((kind as u64 & 0xffff_ffff) as u32)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = path;
        None
    }
}

/// The kernel's magic numbers of network file systems (`linux/magic.h`).
fn named(kind: u32) -> Option<&'static str> {
    match kind {
        0x6969 => Some("NFS"),
        0xff53_4d42 | 0xfe53_4d42 | 0x517b => Some("SMB"),
        0x5346_414f | 0x6b41_4653 => Some("AFS"),
        0x00c3_6400 => Some("Ceph"),
        0x0102_1997 => Some("9P"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disks_over_a_network_are_told_from_others() {
        assert_eq!(named(0x6969), Some("NFS"));
        assert_eq!(named(0xff53_4d42), Some("SMB"));
        // ext4, tmpfs, btrfs, overlayfs.
        for local in [0xef53, 0x0102_1994, 0x9123_683e, 0x794c_7630] {
            assert_eq!(named(local), None);
        }
        assert_eq!(network_disk(Path::new("/proc")), None);
        assert_eq!(network_disk(Path::new("/nowhere at all")), None);
        assert!(free(Path::new("/")).is_some() && free(Path::new("/nowhere at all")).is_none());
    }
}
