//! What people are told without having asked. Whoever tells them [`put`]s a message in the transaction that makes it true;
//! the [`Sender`] of any replica sends it.

mod asides;
mod bundle;
mod destination;
mod failing;
pub mod feed;
pub mod handover;
pub mod incident;
mod message;
mod pace;
mod pass_on;
pub mod pull;
mod recipient;
mod send;
mod sender;
mod set_aside;
pub(crate) mod subscription;
pub mod sync;
mod undelivered;
mod wake;
mod wishes;

pub use destination::Destination;
pub use domain::outbox::Lane;
pub use domain::preference::Kind;
pub use message::{Message, edit, put};
pub use pace::SharedPace;
pub use sender::{Parts, Sender};
pub use set_aside::set_aside;
pub use wake::{wake, wake_once};
