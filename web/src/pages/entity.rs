use axum::response::Response;
use console::{EntityRef, search};
use domain::document::Kind;

use crate::answer;
use crate::at::At;
use crate::sheet::{Mark, Sheet};
use crate::visit::Visit;

/// One entity; a person or a group of the directory has a page of its own.
pub(crate) async fn entity(visit: Visit, At([kind, namespace, name]): At<3>) -> Response {
    let Ok(reference) = EntityRef::new(&kind, &namespace, &name) else { return answer::missing(&visit) };
    let card = search::referenced(visit.ctx(), &reference).await.map(Some);
    let kind = Kind::named(reference.kind());
    answer::loaded(&visit, &card, |card| Sheet::of(card).kind(kind.as_str(), Mark::Square))
}
