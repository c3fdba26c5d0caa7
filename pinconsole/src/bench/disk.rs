use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use anyhow::Result;

use super::figures::quantile;

/// What one fdatasync of 8 KiB costs in this folder now, in milliseconds: what no commit can undercut.
pub fn fdatasync(folder: &Path) -> Result<f64> {
    let path = folder.join("fdatasync");
    let mut file = File::create(&path)?;
    let mut takes = Vec::new();
    for _ in 0..20 {
        file.write_all(&[7; 8192])?;
        let begun = Instant::now();
        file.sync_data()?;
        takes.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    std::fs::remove_file(path)?;
    Ok(quantile(&takes, 0.5))
}
