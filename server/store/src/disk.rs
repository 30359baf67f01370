//! The disk that a database lies on.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

/// How many bytes are free for this user. `None` if the system does not say.
pub(crate) fn free(path: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(path).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// The name of the file system if it is a network one. SQLite's log needs shared memory and reliable locks. A network
/// file system guarantees neither, so the database may be damaged.
#[must_use]
pub fn network_disk(path: &Path) -> Option<String> {
    #[cfg(target_os = "linux")]
    {
        // The kernel's magic numbers have 32 bits; the field's type differs between architectures.
        let kind = rustix::fs::statfs(path).ok()?.f_type;
        match (kind as u64 & 0xffff_ffff) as u32 {
            FUSE => {
                let path = path.canonicalize().ok()?;
                let mounts = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
                over_fuse(mounted(&mounts, &path)?)
            }
            kind => network_file_system(kind).map(str::to_owned),
        }
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = path;
        None
    }
}

/// The kernel's magic number of file systems that a program of its own holds: on this machine or elsewhere.
const FUSE: u32 = 0x6573_5546;

/// The kernel's magic numbers of network file systems (`linux/magic.h`), and of folders that a virtual machine shares
/// with its host (9P: WSL too).
fn network_file_system(kind: u32) -> Option<&'static str> {
    match kind {
        0x6969 => Some("NFS"),
        0xff53_4d42 | 0xfe53_4d42 | 0x517b => Some("SMB"),
        0x5346_414f | 0x6b41_4653 => Some("AFS"),
        0x00c3_6400 => Some("Ceph"),
        0x0102_1997 => Some("9P"),
        0x0bd0_0bd0 => Some("Lustre"),
        0x1983_0326 => Some("BeeGFS"),
        0x4750_4653 => Some("GPFS"),
        0x7461_636f => Some("OCFS2"),
        0x0116_1970 => Some("GFS2"),
        0x786f_4256 => Some("VirtualBox's shared folders"),
        _ => None,
    }
}

/// The name of a file system of `fuse` unless it is known to keep files on this machine.
fn over_fuse(kind: &str) -> Option<String> {
    match kind.strip_prefix("fuse.").unwrap_or(kind) {
        "fuseblk" | "fuse" | "ntfs" | "ntfs-3g" | "exfat" | "ext2" | "ext4" | "fuse-overlayfs"
        | "mergerfs" | "bindfs" | "lxcfs" | "encfs" | "gocryptfs" | "cryfs" | "unionfs" => None,
        other => Some(other.to_owned()),
    }
}

/// The type of what is mounted where this path (without links) lies, by the table of mounts as Linux writes it
/// (`/proc/self/mountinfo`): the last one on the longest way there.
fn mounted<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    let entries = mounts.lines().filter_map(|line| {
        // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
        let (before, after) = line.split_once(" - ")?;
        Some((plain(before.split(' ').nth(4)?), after.split(' ').next()?))
    });
    let here = entries.filter(|(at, _)| path.starts_with(at));
    here.max_by_key(|(at, _)| at.components().count()).map(|(_, kind)| kind)
}

/// A path of the table of mounts, in which blanks and the like are octal numbers (`\040`).
fn plain(text: &str) -> PathBuf {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let number = tail.get(..3).and_then(|digits| std::str::from_utf8(digits).ok());
        match number.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(byte) if *first == b'\\' => {
                bytes.push(byte);
                rest = &tail[3..];
            }
            Some(_) | None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    PathBuf::from(OsString::from_vec(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disks_over_a_network_are_told_from_others() {
        assert_eq!(network_file_system(0x6969), Some("NFS"));
        assert_eq!(network_file_system(0xff53_4d42), Some("SMB"));
        // ext4, tmpfs, btrfs, overlayfs, xfs, ZFS.
        for local in [0xef53, 0x0102_1994, 0x9123_683e, 0x794c_7630, 0x5846_5342, 0x2fc1_2fc1] {
            assert_eq!(network_file_system(local), None);
        }
        assert_eq!(network_disk(Path::new("/proc")), None);
        assert_eq!(network_disk(Path::new("/nowhere at all")), None);
        assert!(free(Path::new("/")).is_some() && free(Path::new("/nowhere at all")).is_none());
    }

    const MOUNTS: &str = r"22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
23 22 0:21 / /proc rw,nosuid - proc proc rw
40 22 0:35 / /home rw,relatime shared:9 master:1 - nfs4 nas:/home rw,vers=4.2
41 40 0:36 / /home/ann/my\040files rw - fuse.sshfs ann@far:/ rw,user_id=0
42 22 8:17 / /media/stick rw - fuseblk /dev/sdb1 rw
43 22 0:40 / /over rw - tmpfs none rw
44 43 0:41 / /over rw - fuse.rclone remote: rw
a line that is none";

    #[test]
    fn the_table_of_mounts_says_what_lies_where() {
        let at = |path: &str| mounted(MOUNTS, Path::new(path));
        assert_eq!(at("/srv/data"), Some("ext4"));
        assert_eq!(at("/home/ann/data"), Some("nfs4"));
        assert_eq!(at("/home/ann/my files/data"), Some("fuse.sshfs"));
        assert_eq!(at("/homely"), Some("ext4"), "whole names only");
        assert_eq!(at("/over/data"), Some("fuse.rclone"), "the later one hides the earlier");
        assert_eq!(mounted("", Path::new("/")), None);
        assert_eq!(plain(r"/a\134b\0"), PathBuf::from(r"/a\b\0"));
        let real = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        assert!(real.is_empty() || mounted(&real, Path::new("/proc")).is_some(), "as this machine writes it");
    }

    #[test]
    fn what_a_program_mounts_is_over_a_network_unless_it_is_known_to_be_here() {
        for (kind, named) in [
            ("fuse.sshfs", Some("sshfs")),
            ("fuse.s3fs", Some("s3fs")),
            ("fuse.glusterfs", Some("glusterfs")),
            ("fuseblk", None),
            ("fuse.ntfs-3g", None),
            ("fuse.fuse-overlayfs", None),
        ] {
            assert_eq!(over_fuse(kind).as_deref(), named, "{kind}");
        }
    }
}
