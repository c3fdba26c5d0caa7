use axum::response::Response;
use console::{EntityRef, person};

use crate::answer;
use crate::at::At;
use crate::sheet::{Mark, Sheet};
use crate::visit::Visit;

/// One person.
pub(crate) async fn person(visit: Visit, At([name]): At<1>) -> Response {
    let Ok(reference) = EntityRef::user(&name) else { return answer::missing(&visit) };
    let card = person::load(visit.ctx(), reference.name()).await.map(|it| it.as_ref().map(person::card));
    answer::loaded(&visit, &card, |card| Sheet::of(card).kind("Person", Mark::Round))
}
