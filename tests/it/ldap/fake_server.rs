//! A server that speaks LDAP and answers as it is told.

use std::sync::Arc;

use futures::{SinkExt, StreamExt};
use integrations::ldap::Address;
use ldap3_proto::LdapCodec;
use ldap3_proto::proto::{LdapMsg, LdapOp, LdapResult, LdapResultCode};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::codec::Framed;

/// What a server does when it is asked.
pub(super) enum Reply {
    /// Answers.
    Messages(Vec<LdapMsg>),
    /// Sends these bytes.
    Bytes(Vec<u8>),
    /// Closes the connection.
    Close,
    /// Answers nothing.
    Silence,
}

/// A running server; gone when it is dropped.
pub(super) struct FakeServer {
    port: u16,
    _tasks: JoinSet<()>,
}

impl FakeServer {
    /// Starts a server that answers each message so. What an answer depends on beside the message is the closure's own.
    pub(super) async fn start(answer: impl Fn(LdapMsg) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let answer: Arc<Answer> = Arc::new(answer);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, answer.clone()));
            }
        });
        Self { port, _tasks: tasks }
    }

    /// Where it listens, and an account that it may know.
    pub(super) fn address(&self) -> Address {
        Address {
            url: format!("ldap://127.0.0.1:{}", self.port),
            bind_dn: Some("CN=Reader,DC=corp,DC=example".to_owned()),
            bind_password: Some("a password".into()),
        }
    }
}

/// A result with this code.
pub(super) fn result(code: LdapResultCode, message: &str) -> LdapResult {
    LdapResult { code, matcheddn: String::new(), message: message.to_owned(), referral: Vec::new() }
}

/// The answer to a request to sign in.
pub(super) fn signed_in(id: i32, code: LdapResultCode, message: &str) -> LdapMsg {
    let response = ldap3_proto::proto::LdapBindResponse { res: result(code, message), saslcreds: None };
    LdapMsg::new(id, LdapOp::BindResponse(response))
}

type Answer = dyn Fn(LdapMsg) -> Reply + Send + Sync;

async fn serve(stream: TcpStream, answer: Arc<Answer>) {
    let mut framed = Framed::new(stream, LdapCodec::default());
    while let Some(Ok(message)) = framed.next().await {
        let sent = match answer(message) {
            Reply::Close => return,
            Reply::Silence => Ok(()),
            Reply::Bytes(bytes) => framed.get_mut().write_all(&bytes).await,
            Reply::Messages(messages) => {
                framed.send_all(&mut futures::stream::iter(messages.into_iter().map(Ok))).await
            }
        };
        if sent.is_err() {
            return;
        }
    }
}
