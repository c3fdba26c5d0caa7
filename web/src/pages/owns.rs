use axum::response::Response;
use console::{EntityRef, owns};

use crate::answer;
use crate::at::At;
use crate::sheet::{Mark, Sheet};
use crate::visit::Visit;

/// A page of what a person or a group owns.
pub(crate) async fn owns(visit: Visit, At([kind, name]): At<2>) -> Response {
    let Ok(reference) = EntityRef::new(&kind, "default", &name) else { return answer::missing(&visit) };
    let view = owns::load(visit.ctx(), &reference, visit.query.page()).await;
    let card = view.map(|it| Some(owns::card(&it)));
    answer::loaded(&visit, &card, |card| Sheet::of(card).kind("Owner", Mark::Round))
}
