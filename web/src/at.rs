use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::response::Response;

use crate::answer;
use crate::site::Site;
use crate::visit::Visit;

/// The named parts of a path; one that is no text leads to the page that says that nothing is there.
pub(crate) struct At<const N: usize>(pub(crate) [String; N]);

impl<const N: usize> FromRequestParts<Arc<Site>> for At<N> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Response> {
        let path: Result<Path<Vec<String>>, _> = Path::from_request_parts(parts, site).await;
        match path.ok().and_then(|it| it.0.try_into().ok()) {
            Some(segments) => Ok(Self(segments)),
            None => {
                let Ok(visit) = Visit::from_request_parts(parts, site).await;
                Err(answer::missing(&visit))
            }
        }
    }
}
