//! A server with Active Directory's habits: a thousand entries a page, 1,500 values at once, binary ids, references to
//! other servers.

use std::collections::BTreeSet;
use std::net::TcpListener;

use integrations::ldap::{Config, Vendor};
use ldap3_proto::control::LdapControl;
use ldap3_proto::proto::*;
use uuid::Uuid;

use super::fake_server::{FakeServer, Reply, result, signed_in};
use super::read;

const MAX_PAGE: usize = 1_000;
const MAX_VALUES: usize = 1_500;
const PEOPLE: usize = 5_000;

#[tokio::test]
async fn active_directory_is_read_exactly() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").expect("a free port");
    elsewhere.set_nonblocking(true).expect("a socket");
    let referral =
        format!("ldap://{}/DC=ForestDnsZones,DC=corp,DC=example", elsewhere.local_addr().expect("an address"));
    let entries = entries();
    let told = referral.clone();
    let server = FakeServer::start(move |message| Reply::Messages(answer(&entries, &told, message))).await;
    let snapshot = read(&config(), server.address()).await.expect("a snapshot");

    let everyone: BTreeSet<Uuid> = (0..PEOPLE).map(|it| Uuid::from_bytes_le(guid(it))).collect();
    assert_eq!(snapshot.people.iter().map(|it| it.id).collect::<BTreeSet<_>>(), everyone);
    assert_eq!(snapshot.people.len(), PEOPLE);
    let large = snapshot.groups.iter().find(|it| it.name == "Everyone").expect("the large group");
    assert_eq!(large.people, everyone.into_iter().collect::<Vec<_>>());
    let small = snapshot.groups.iter().find(|it| it.name == "Small-Team").expect("the small group");
    assert_eq!(small.people, [Uuid::from_bytes_le(guid(3))]);
    assert_eq!(small.children, [large.id]);

    let disabled: BTreeSet<_> = snapshot.people.iter().filter(|it| it.disabled).map(|it| it.name.as_str()).collect();
    assert_eq!(disabled, BTreeSet::from(["user1", "user2"]));
    let readable = snapshot.people.iter().find(|it| it.name == "user7").map(|it| it.id.to_string());
    assert_eq!(readable.as_deref(), Some("64636261-6665-6867-696a-6b6c6d6e6f70"));
    let remarks: Vec<String> =
        snapshot.remarks.iter().map(|it| it.to_string().replace(&referral, "<referral>")).collect();
    assert_eq!(remarks, ["2 references to other servers were not followed, for example <referral>"]);
    assert!(elsewhere.accept().is_err(), "the other server was asked");
}

#[tokio::test]
async fn whoever_has_not_signed_in_is_told_so() {
    let server = FakeServer::start(|message| Reply::Messages(answer(&[], "", message))).await;
    let anonymous = integrations::ldap::Address { bind_dn: None, bind_password: None, ..server.address() };
    let wrong = integrations::ldap::Address { bind_password: Some("wrong".into()), ..server.address() };
    for address in [anonymous, wrong] {
        let error = read(&config(), address).await.expect_err("refused");
        assert!(matches!(error, integrations::ldap::ReadError::Credentials { .. }), "{error}");
    }
}

fn config() -> Config {
    let mut config = Config { vendor: Vendor::ActiveDirectory, page_size: 1_000, ..Config::default() };
    config.users.bases = vec!["ou=staff,dc=corp,dc=example".to_owned()];
    config.groups.bases = vec!["OU=Groups,DC=corp,DC=example".to_owned()];
    config
}

struct Object {
    dn: String,
    class: &'static str,
    attributes: Vec<(&'static str, Vec<Vec<u8>>)>,
}

fn entries() -> Vec<Object> {
    let mut entries: Vec<Object> = (0..PEOPLE).map(person).collect();
    let everyone = (0..PEOPLE).map(|it| person_dn(it).into_bytes()).collect();
    entries.push(group("Everyone", PEOPLE, everyone));
    let small =
        vec![b"cn=USER3,ou=staff,dc=CORP,dc=example".to_vec(), b"CN=Everyone,OU=Groups,DC=corp,DC=example".to_vec()];
    entries.push(group("Small Team", PEOPLE + 1, small));
    entries
}

fn person(number: usize) -> Object {
    let control = if number == 1 { "514" } else { "512" };
    // 100 nanoseconds since 1601: the second of January 2020, and never.
    let expires = if number == 2 { "132223968000000000" } else { "9223372036854775807" };
    let texts = [
        ("sAMAccountName", format!("user{number}")),
        ("displayName", format!("User {number}")),
        ("userAccountControl", control.to_owned()),
        ("accountExpires", expires.to_owned()),
    ];
    let mut attributes: Vec<_> = texts.map(|(name, value)| (name, vec![value.into_bytes()])).into();
    attributes.push(("objectGUID", vec![guid(number).to_vec()]));
    Object { dn: person_dn(number), class: "user", attributes }
}

fn person_dn(number: usize) -> String {
    format!("CN=User{number},OU=Staff,DC=corp,DC=example")
}

fn group(name: &str, number: usize, members: Vec<Vec<u8>>) -> Object {
    let attributes = vec![
        ("sAMAccountName", vec![name.as_bytes().to_vec()]),
        ("objectGUID", vec![guid(number).to_vec()]),
        ("member", members),
    ];
    Object { dn: format!("CN={name},OU=Groups,DC=corp,DC=example"), class: "group", attributes }
}

/// One of them happens to be text.
fn guid(number: usize) -> [u8; 16] {
    match number {
        7 => *b"abcdefghijklmnop",
        _ => (0xf0f1_f2f3_0000_0000_8000_0000_0000_0000_u128 + number as u128).to_be_bytes(),
    }
}

fn answer(entries: &[Object], referral: &str, message: LdapMsg) -> Vec<LdapMsg> {
    let id = message.msgid;
    match message.op {
        LdapOp::BindRequest(bind) => vec![match bind.cred {
            LdapBindCred::Simple(password) if password == "a password" => signed_in(id, LdapResultCode::Success, ""),
            _ => signed_in(id, LdapResultCode::InvalidCredentials, "80090308: LdapErr: DSID-0C09041C, data 52e, v4563"),
        }],
        LdapOp::SearchRequest(search) => found(entries, referral, &search, &message.ctrl)
            .into_iter()
            .map(|(op, ctrl)| LdapMsg::new_with_ctrls(id, op, ctrl))
            .collect(),
        _ => Vec::new(),
    }
}

type Ops = Vec<(LdapOp, Vec<LdapControl>)>;

fn found(entries: &[Object], referral: &str, search: &LdapSearchRequest, controls: &[LdapControl]) -> Ops {
    if entries.is_empty() {
        let text = "000004DC: LdapErr: DSID-0C090A5C, comment: In order to perform this operation a successful bind must be completed";
        return vec![(LdapOp::SearchResultDone(result(LdapResultCode::OperationsError, text)), Vec::new())];
    }
    let base = search.base.to_lowercase();
    let inside = |it: &&Object| match search.scope {
        LdapSearchScope::Base => it.dn.to_lowercase() == base,
        _ => it.dn.to_lowercase().ends_with(&format!(",{base}")) && fits(it, &search.filter),
    };
    let all: Vec<&Object> = entries.iter().filter(inside).collect();
    let paging = controls.iter().find_map(|it| match it {
        LdapControl::SimplePagedResults { size, cookie } => Some((*size as usize, cookie)),
        _ => None,
    });
    let from = paging.map_or(0, |(_, cookie)| cookie.iter().fold(0, |sum, it| sum * 256 + usize::from(*it)));
    let to = all.len().min(from + paging.map_or(MAX_PAGE, |(size, _)| size.min(MAX_PAGE)));
    let mut ops: Ops =
        all[from..to].iter().map(|it| (LdapOp::SearchResultEntry(shown(it, &search.attrs)), vec![])).collect();
    let more = to < all.len();
    if !more && search.scope != LdapSearchScope::Base {
        let reference = LdapSearchResultReference { uris: vec![referral.to_owned()] };
        ops.push((LdapOp::SearchResultReference(reference), Vec::new()));
    }
    let cookie = if more { (to as u32).to_be_bytes().to_vec() } else { Vec::new() };
    let controls = paging.map(|_| LdapControl::SimplePagedResults { size: 0, cookie });
    let code = if more && paging.is_none() { LdapResultCode::SizeLimitExceeded } else { LdapResultCode::Success };
    ops.push((LdapOp::SearchResultDone(result(code, "")), controls.into_iter().collect()));
    ops
}

fn fits(entry: &Object, filter: &LdapFilter) -> bool {
    match filter {
        LdapFilter::And(parts) => parts.iter().all(|it| fits(entry, it)),
        LdapFilter::Equality(name, value) if name == "objectClass" => entry.class == value,
        LdapFilter::Equality(name, value) => name == "objectCategory" && value == "person" && entry.class == "user",
        _ => false,
    }
}

fn shown(entry: &Object, wanted: &[String]) -> LdapSearchResultEntry {
    let mut attributes = Vec::new();
    for name in wanted {
        let (plain, from) = match name.split_once(";range=") {
            Some((plain, range)) => (plain, range.split('-').next().and_then(|it| it.parse().ok()).expect("a range")),
            None => (name.as_str(), 0),
        };
        let Some((own, values)) = entry.attributes.iter().find(|it| it.0.eq_ignore_ascii_case(plain)) else { continue };
        if values.len() <= MAX_VALUES {
            attributes.push(LdapPartialAttribute { atype: (*own).to_owned(), vals: values.clone() });
            continue;
        }
        let to = values.len().min(from + MAX_VALUES);
        let last = if to == values.len() { "*".to_owned() } else { (to - 1).to_string() };
        attributes.push(LdapPartialAttribute { atype: (*own).to_owned(), vals: Vec::new() });
        attributes.push(LdapPartialAttribute {
            atype: format!("{own};range={from}-{last}"),
            vals: values[from..to].to_vec(),
        });
    }
    LdapSearchResultEntry { dn: entry.dn.clone(), attributes }
}
