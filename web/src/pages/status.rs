use axum::response::Response;
use console::status;

use crate::answer;
use crate::sheet::Sheet;
use crate::visit::Visit;

/// How everything fares.
pub(crate) async fn status(visit: Visit) -> Response {
    let card = status::load(visit.ctx()).await.map(|it| Some(status::card(&it)));
    answer::loaded(&visit, &card, Sheet::of)
}
