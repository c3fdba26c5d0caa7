use domain::incidents::Service;
use integrations::pagerduty::{self as wire, ServiceStatus};

/// A service as it was read.
pub fn service(it: &wire::Service) -> Service {
    Service {
        id: it.id.clone(),
        name: it.name.clone(),
        description: it.description.clone().filter(|it| !it.is_empty()),
        status: word(&it.status).into(),
        policy_id: it.escalation_policy.as_ref().map(|it| it.id.clone()),
        url: it.html_url.clone(),
    }
}

fn word(status: &ServiceStatus) -> &str {
    match status {
        ServiceStatus::Active => "active",
        ServiceStatus::Warning => "warning",
        ServiceStatus::Critical => "critical",
        ServiceStatus::Maintenance => "maintenance",
        ServiceStatus::Disabled => "disabled",
        ServiceStatus::Unknown(word) => word,
    }
}
