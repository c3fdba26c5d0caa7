//! What processes used, as the kernel counts it. <https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html>

use std::fs;

use anyhow::{Context, Result};

/// Ticks a second in these files, on every Linux architecture.
const TICKS: f64 = 100.0;

/// Seconds of CPU that a process used so far, with those of its children that ended.
pub fn cpu(pid: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).context("this needs Linux's /proc")?;
    Ok(used(&stat))
}

/// The same of a process and all of its children, such as Postgres.
pub fn family_cpu(pid: u32) -> Result<f64> {
    loop {
        let before = cpu(pid)?;
        let children = children_cpu(pid)?;
        // A child that ended while we looked may be in neither figure: then look again.
        if cpu(pid)? == before {
            return Ok(before + children);
        }
    }
}

fn children_cpu(pid: u32) -> Result<f64> {
    let mut total = 0.0;
    for entry in fs::read_dir("/proc")?.flatten() {
        let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else { continue };
        if fields(&stat).nth(PPID).and_then(|it| it.parse().ok()) == Some(pid) {
            total += used(&stat);
        }
    }
    Ok(total)
}

fn used(stat: &str) -> f64 {
    fields(stat).skip(UTIME).take(4).filter_map(|it| it.parse::<f64>().ok()).sum::<f64>() / TICKS
}

/// MB of memory that a process holds now.
pub fn resident(pid: u32) -> Option<f64> {
    status(pid, "VmRSS:")
}

/// MB of memory that a process held at the most.
pub fn peak(pid: u32) -> Option<f64> {
    status(pid, "VmHWM:")
}

fn status(pid: u32, key: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|it| it.strip_prefix(key))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
}

/// Places of fields, from the one after the name of the program, which may hold anything.
const PPID: usize = 1;
const UTIME: usize = 11;

fn fields(stat: &str) -> impl Iterator<Item = &str> {
    stat.rsplit_once(')').map_or("", |it| it.1).split_whitespace()
}
