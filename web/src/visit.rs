use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use console::{Ctx, RequestId};

use crate::query::Query;
use crate::site::Site;

/// One request for a page.
pub(crate) struct Visit {
    pub(crate) site: Arc<Site>,
    /// The path, as it was written.
    pub(crate) path: String,
    pub(crate) query: Query,
    pub(crate) id: Option<RequestId>,
}

impl Visit {
    pub(crate) fn ctx(&self) -> &Ctx {
        &self.site.state.ctx
    }
}

impl FromRequestParts<Arc<Site>> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self, Infallible> {
        Ok(Self {
            site: site.clone(),
            path: parts.uri.path().to_string(),
            query: Query::read(parts.uri.query().unwrap_or_default()),
            id: parts.extensions.get().copied(),
        })
    }
}
