//! GitHub is read for what no event told: before we were there, after an outage, and what GitHub works out only when it is asked.

mod ground;
mod limits;
mod missing;
mod reading;
mod stale;

use ground::Ground;
