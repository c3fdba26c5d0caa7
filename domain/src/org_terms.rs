//! What search finds people and groups by.

use crate::directory::{DirectoryGroup, DirectoryPerson};
use crate::term::Term;

pub(crate) fn person(person: &DirectoryPerson) -> Vec<Term> {
    let reference = user(&person.name);
    let term = |field, value: &str, weight| Term::new(&reference, field, value, weight);
    let email = person.email.as_deref().and_then(|it| term("e-mail", it, 3));
    let title = person.title.as_deref().and_then(|it| term("title", it, 1));
    [term("name", &person.name, 5), term("display name", &person.display_name, 4), email, title]
        .into_iter()
        .flatten()
        .collect()
}

pub(crate) fn group(group: &DirectoryGroup) -> Vec<Term> {
    let reference = group_reference(&group.name);
    let term = |field, value: &str, weight| Term::new(&reference, field, value, weight);
    let email = group.email.as_deref().and_then(|it| term("e-mail", it, 3));
    let description = group.description.as_deref().and_then(|it| term("description", it, 1));
    [term("name", &group.name, 6), term("display name", &group.display_name, 4), email, description]
        .into_iter()
        .flatten()
        .collect()
}

pub(crate) fn user(name: &str) -> String {
    format!("user:default/{}", name.to_lowercase())
}

pub(crate) fn group_reference(name: &str) -> String {
    format!("group:default/{}", name.to_lowercase())
}
