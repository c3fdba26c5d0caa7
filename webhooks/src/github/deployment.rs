use domain::github::{Deployment, Desk};

use super::apply::Said;
use super::event::Event;

/// Stores a deployment, and how far it has come.
pub(super) fn apply(desk: &mut Desk, event: &Event<'_>) -> Said {
    let (Some(repository), Some(it)) = (&event.payload.repository, &event.payload.deployment) else {
        return Said::unclear("it names no deployment, or no repository");
    };
    let status = event.payload.deployment_status.as_ref();
    let created_at = it.created_at.unwrap_or(event.sent_at);
    let url =
        status.and_then(|it| it.environment_url.clone().filter(|it| !it.is_empty()).or_else(|| it.target_url.clone()));
    let deployment = Deployment {
        id: it.id,
        repository_id: repository.id,
        sha: it.sha.clone(),
        name: it.name.clone(),
        environment: it.environment.clone().unwrap_or_default(),
        state: status.map_or("pending", |it| it.state.as_str()).into(),
        status_id: status.map_or(0, |it| it.id),
        url: url.filter(|it| !it.is_empty()),
        actor_id: it.creator.as_ref().map(|it| it.id),
        created_at,
        source_at: status.and_then(|it| it.created_at).unwrap_or(created_at),
    };
    desk.deploy(deployment);
    Said::Known(Vec::new())
}
