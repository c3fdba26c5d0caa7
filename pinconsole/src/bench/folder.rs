use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use nix::sys::statfs::{TMPFS_MAGIC, statfs};
use uuid::Uuid;

/// A folder that goes with this value.
pub struct Folder(PathBuf);

impl Folder {
    /// A new folder on a real disk.
    pub fn make() -> Result<Self> {
        let parent = std::env::temp_dir();
        if statfs(&parent)?.filesystem_type() == TMPFS_MAGIC {
            bail!("{} lies in memory, which keeps nothing: set TMPDIR to a folder on a disk", parent.display());
        }
        let folder = parent.join(format!("pinconsole-bench-{}", Uuid::new_v4().simple()));
        fs::create_dir(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(Self(folder))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder left among temporary ones harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}
