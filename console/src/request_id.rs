use uuid::Uuid;

/// Our id of a request: in its log line, its response header, and the error card that it may lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId(pub Uuid);
