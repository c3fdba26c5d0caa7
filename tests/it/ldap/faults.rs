//! Servers that send too little, too much, or nonsense: never a snapshot, always words.

use std::sync::atomic::{AtomicUsize, Ordering};

use integrations::ldap::Config;
use ldap3_proto::control::LdapControl;
use ldap3_proto::proto::*;

use super::fake_server::{FakeServer, Reply, result, signed_in};
use super::{config, read, words};

/// What is read from a server that lets everyone in and answers searches so; the closure hears how many came before.
async fn searched(answer: impl Fn(i32, usize) -> Reply + Send + Sync + 'static) -> String {
    let searches = AtomicUsize::new(0);
    let server = FakeServer::start(move |message| match message.op {
        LdapOp::BindRequest(_) => Reply::Messages(vec![signed_in(message.msgid, LdapResultCode::Success, "")]),
        LdapOp::SearchRequest(_) => answer(message.msgid, searches.fetch_add(1, Ordering::SeqCst)),
        _ => Reply::Silence,
    })
    .await;
    let address = server.address();
    let config = Config { timeout_seconds: 1, ..config() };
    words(read(&config, address.clone()).await, &address.url)
}

fn person(id: i32) -> LdapMsg {
    let attribute = |name: &str, value: &str| LdapPartialAttribute { atype: name.into(), vals: vec![value.into()] };
    let attributes = vec![attribute("entryUUID", "00000000-0000-4000-8000-000000000001"), attribute("uid", "ada")];
    LdapMsg::new(id, LdapOp::SearchResultEntry(LdapSearchResultEntry { dn: "uid=ada,dc=x".into(), attributes }))
}

fn done(id: i32, code: LdapResultCode, cookie: Option<&[u8]>) -> LdapMsg {
    let control = cookie.map(|it| LdapControl::SimplePagedResults { size: 0, cookie: it.to_vec() });
    LdapMsg::new_with_ctrls(id, LdapOp::SearchResultDone(result(code, "")), control.into_iter().collect())
}

#[tokio::test]
async fn every_limit_makes_the_reading_fail_on_whichever_page() {
    use LdapResultCode::{AdminLimitExceeded, Referral, SizeLimitExceeded, TimeLimitExceeded};
    for code in [SizeLimitExceeded, TimeLimitExceeded, AdminLimitExceeded, Referral] {
        for cookie in [None, Some(&b""[..]), Some(&b"more"[..])] {
            for page in [0, 1] {
                let code = code.clone();
                let seen = searched(move |id, before| {
                    let end = if before == page {
                        done(id, code.clone(), cookie)
                    } else {
                        done(id, LdapResultCode::Success, Some(b"more"))
                    };
                    Reply::Messages(vec![person(id), end])
                })
                .await;
                assert!(seen.starts_with("the directory sent only a part"), "{seen}");
            }
        }
    }
}

#[tokio::test]
async fn a_last_page_that_does_not_say_so_is_not_believed() {
    let seen = searched(|id, _| Reply::Messages(vec![person(id), done(id, LdapResultCode::Success, None)])).await;
    insta::assert_snapshot!(seen, @"the directory sent only a part (result 0, it does not say whether there are more pages): the server must support paged results (RFC 2696)");
}

#[tokio::test]
async fn a_connection_that_ends_or_falls_silent_half_way_is_an_error() {
    let closed = searched(|id, before| match before {
        0 => Reply::Messages(vec![person(id), done(id, LdapResultCode::Success, Some(b"more"))]),
        _ => Reply::Close,
    });
    insta::assert_snapshot!(closed.await, @"the directory at <url> does not answer (it closed the connection before it had answered): check LDAP_URL, the network, and that the server runs");
    let silent = searched(|id, _| Reply::Messages(vec![person(id)]));
    insta::assert_snapshot!(silent.await, @"the directory at <url> does not answer (no answer in time): check LDAP_URL, the network, and that the server runs");
    let mute = searched(|_, _| Reply::Silence);
    insta::assert_snapshot!(mute.await, @"the directory at <url> does not answer (no answer in time): check LDAP_URL, the network, and that the server runs");
}

#[tokio::test]
async fn nonsense_is_an_error_and_not_a_panic() {
    // Not BER; an entry without content; a reference that is not a list; a page's control that is not one; an unknown
    // answer.
    let nonsense: [&[u8]; 5] = [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x30\x05\x02\x01\x02\x64\x00",
        b"\x30\x05\x02\x01\x02\x53\x00",
        b"\x30\x2b\x02\x01\x02\x65\x07\x0a\x01\x00\x04\x00\x04\x00\xa0\x1d\x30\x1b\x04\x161.2.840.113556.1.4.319\x04\x01\x05",
        b"\x30\x05\x02\x01\x02\x7f\x00",
    ];
    let mut seen = Vec::new();
    for bytes in nonsense {
        seen.push(searched(move |_, _| Reply::Bytes(bytes.to_vec())).await);
    }
    insta::assert_snapshot!(seen.join("\n"), @r#"
    the directory at <url> does not answer (no answer in time): check LDAP_URL, the network, and that the server runs
    the directory's answer cannot be used: an entry is not encoded as entries are
    the directory's answer cannot be used: an answer that is not LDAP as it is specified
    the directory's answer cannot be used: an answer that is not LDAP as it is specified
    the directory at <url> does not answer (it closed the connection before it had answered): check LDAP_URL, the network, and that the server runs
    "#);
}

#[tokio::test]
async fn ranges_that_lead_nowhere_are_an_error() {
    let partial = |id: i32, range: &str| {
        let member = LdapPartialAttribute { atype: format!("member;range={range}"), vals: vec![b"cn=a".to_vec()] };
        LdapMsg::new(
            id,
            LdapOp::SearchResultEntry(LdapSearchResultEntry { dn: "cn=g,dc=x".into(), attributes: vec![member] }),
        )
    };
    let seen = searched(move |id, before| {
        let entry = if before == 0 { person(id) } else { partial(id, "0-0") };
        Reply::Messages(vec![entry, done(id, LdapResultCode::Success, Some(b""))])
    })
    .await;
    insta::assert_snapshot!(seen, @"the directory's answer cannot be used: member of cn=g,dc=x from value 1 on: the answer is another part");
}
