//! PagerDuty. <https://developer.pagerduty.com/docs/webhooks-overview>

mod apply;
mod receive;

pub(crate) use apply::apply;
pub(crate) use receive::PagerDuty;
