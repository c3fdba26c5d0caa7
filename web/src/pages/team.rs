use axum::response::Response;
use console::{EntityRef, team};

use crate::answer;
use crate::at::At;
use crate::sheet::{Mark, Sheet};
use crate::visit::Visit;

/// One group with a page of its people.
pub(crate) async fn team(visit: Visit, At([name]): At<1>) -> Response {
    let Ok(reference) = EntityRef::group(&name) else { return answer::missing(&visit) };
    let view = team::load(visit.ctx(), reference.name(), visit.query.page()).await;
    let card = view.map(|it| it.as_ref().map(team::card));
    answer::loaded(&visit, &card, |card| Sheet::of(card).kind("Group", Mark::Round))
}
