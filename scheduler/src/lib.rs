//! What PinConsole does by itself: one file a job.

pub mod jobs;
