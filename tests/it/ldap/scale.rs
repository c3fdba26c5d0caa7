//! A directory of the size that the program is made for.

use std::sync::Mutex;

use integrations::ldap::{LdapDirectory, Progress, snapshot};

use super::slapd::Slapd;
use super::{config, directory, now};

#[tokio::test]
async fn nine_thousand_people_and_their_groups_are_read_exactly() {
    let server = Slapd::start(&directory::people_and_groups(9_000, 2_200, 60_000));
    let directory = LdapDirectory::new(&config(), server.address()).expect("a usable configuration");
    let heard = Mutex::new(Vec::new());
    let listen = |it| heard.lock().expect("no panic").push(it);
    let snapshot = snapshot(&directory, &config(), now(), &listen).await.expect("a snapshot");

    assert!(snapshot.people.iter().map(|it| it.id).eq((0..9_000).map(directory::person_id)));
    assert!(snapshot.groups.iter().map(|it| it.id).eq((0..2_200).map(directory::group_id)));
    assert_eq!(snapshot.groups.iter().map(|it| it.people.len()).sum::<usize>(), 60_000);
    assert_eq!(snapshot.groups.iter().map(|it| it.children.len()).sum::<usize>(), 2_199);
    assert_eq!(snapshot.remarks, []);

    let heard = heard.into_inner().expect("no panic");
    assert_eq!(heard.first(), Some(&Progress::Connected));
    assert!(heard.contains(&Progress::People(500)) && heard.contains(&Progress::People(9_000)));
    assert!(heard.contains(&Progress::Groups(500)) && heard.contains(&Progress::Groups(2_200)));
}
