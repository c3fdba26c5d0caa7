use domain::github::{Desk, Push};

use super::apply::Said;
use super::event::Event;

/// Stores what was pushed. Whether pull requests into that branch conflict, GitHub must be asked again.
pub(super) fn apply(desk: &mut Desk, event: &Event<'_>) -> Said {
    let it = event.payload;
    let (Some(repository), Some(name), Some(after)) = (&it.repository, &it.name, &it.after) else {
        return Said::unclear("it does not say what was pushed where");
    };
    // When the repository was pushed to last: that is this push, or one that came at once after it.
    let at = repository.pushed_at.unwrap_or(event.sent_at);
    let push = Push {
        id: event.id,
        repository_id: repository.id,
        name: name.clone(),
        before: it.before.clone().unwrap_or_default(),
        after: after.clone(),
        forced: it.forced.unwrap_or_default(),
        actor_id: event.by(),
        at,
    };
    desk.push(push);
    if let Some(branch) = name.strip_prefix("refs/heads/") {
        desk.outdate((repository.id, branch), at);
    }
    Said::Known(Vec::new())
}
