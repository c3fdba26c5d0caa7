//! What we send, against the vendors' own descriptions of what they take, and what they send against what we read. `make contract`
//! fetches those.

mod github;
mod graphql;
mod slack;
mod typescript;
