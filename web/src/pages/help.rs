use axum::response::{IntoResponse, Response};

use crate::answer;
use crate::at::At;
use crate::sheet::Sheet;
use crate::visit::Visit;

/// Everything that can be asked.
pub(crate) async fn help(visit: Visit) -> Response {
    about(&visit, None)
}

/// How one command is used.
pub(crate) async fn help_on(visit: Visit, At([command]): At<1>) -> Response {
    about(&visit, Some(&command))
}

fn about(visit: &Visit, command: Option<&str>) -> Response {
    match (visit.site.state.help)(command) {
        Some(card) => Sheet::of(&card).draw(visit).into_response(),
        None => answer::missing(visit),
    }
}
