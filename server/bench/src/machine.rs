//! Where and when it was measured.

use std::path::Path;

use anyhow::Result;
use serde::Serialize;

/// Where and when it was measured.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct MachineDescription {
    /// The day, UTC.
    pub(crate) date: String,
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) kernel: String,
    /// What holds the folder that is written to.
    pub(crate) filesystem: String,
}

impl MachineDescription {
    pub(crate) fn look(folder: &Path) -> Result<Self> {
        #[expect(clippy::disallowed_methods, reason = "a table of measurements says when they were made")]
        let now = jiff::Timestamp::now();
        let mounts = std::fs::read_to_string("/proc/self/mounts")?;
        Ok(Self {
            date: now.strftime("%-d %B %Y").to_string(),
            processor: models::Processor::here().to_string(),
            cores: std::thread::available_parallelism()?.get(),
            kernel: std::fs::read_to_string("/proc/sys/kernel/osrelease")?.trim().to_owned(),
            filesystem: filesystem(&mounts, &folder.canonicalize()?),
        })
    }
}

/// The kind of what is mounted deepest above this folder; of several at one place the last.
fn filesystem(mounts: &str, folder: &Path) -> String {
    let deepest = mounts
        .lines()
        .filter_map(|line| {
            let mut words = line.split(' ').skip(1);
            let (place, kind) = (words.next()?, words.next()?);
            folder.starts_with(place).then_some((Path::new(place).components().count(), kind))
        })
        .max_by_key(|(depth, _)| *depth);
    deepest.map_or("an unknown filesystem", |(_, kind)| kind).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deepest_mount_counts() {
        let mounts = "/dev/a / ext4 rw 0 0\ntmpfs /tmp tmpfs rw 0 0\n/dev/b /tmp/disk xfs rw 0 0\n";
        assert_eq!(filesystem(mounts, Path::new("/home/x")), "ext4");
        assert_eq!(filesystem(mounts, Path::new("/tmp/x")), "tmpfs");
        assert_eq!(filesystem(mounts, Path::new("/tmp/disk/x")), "xfs");
    }
}
