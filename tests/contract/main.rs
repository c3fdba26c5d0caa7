//! What we send, against the vendors' own descriptions of what they take. `make contract` fetches those.

mod graphql;
mod slack;
mod typescript;
