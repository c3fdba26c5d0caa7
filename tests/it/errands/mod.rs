//! What people ask PagerDuty for: a signed request of Slack in, a call in their own name out.

mod again;
mod crash;
mod faults;
mod incidents;
mod paging;
mod posted;
mod refused;
mod turns;
mod unclear;
mod watch;

use watch::Watch;
