//! Active Directory sends at most 1,500 values of an attribute at once, under a name such as `member;range=0-1499`; the
//! rest is asked for until the name ends in `-*`.
//!
//! <https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-adts/672427ca-8262-471d-a196-a35b89f45bae>

use ldap3::Scope;

use super::connection::Connection;
use super::search::{Found, Search};
use super::{Entry, ReadError};

/// One attribute that came in part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    key: String,
    attribute: String,
    first: u64,
    /// The last value that came, unless all have come.
    last: Option<u64>,
}

/// The attributes of an entry that came in part, or as the last part.
pub(super) fn parts(entry: &Entry) -> Vec<Part> {
    entry.attributes.keys().filter_map(|it| part(it)).collect()
}

impl Connection {
    /// Replaces the first parts of an entry's attributes by the whole.
    pub(super) async fn complete(&mut self, entry: &mut Entry) -> Result<(), ReadError> {
        for mut current in parts(entry) {
            let mut values = entry.attributes.remove(&current.key).unwrap_or_default();
            while let Some(last) = current.last {
                let (next, more) = self.next_part(&entry.dn, &current.attribute, last + 1).await?;
                values.extend(more);
                current = next;
            }
            entry.attributes.insert(current.attribute, values);
        }
        Ok(())
    }

    async fn next_part(&mut self, dn: &str, attribute: &str, from: u64) -> Result<(Part, Vec<Vec<u8>>), ReadError> {
        let broken = |what: &str| ReadError::Protocol(format!("{attribute} of {dn} from value {from} on: {what}"));
        let attributes = [format!("{attribute};range={from}-*")];
        let search = Search { base: dn, scope: Scope::Base, filter: "(objectClass=*)", attributes: &attributes };
        let mut found = Found::default();
        let answer = self.request(&search, Vec::new(), &mut found).await;
        answer.map_err(|it| match it {
            // It is an entry that was there a moment ago, not a base.
            ReadError::BaseMissing(_) => broken("the entry went away while it was read; read again"),
            other => other,
        })?;
        let mut entry = found.entries.pop().ok_or_else(|| broken("no answer"))?;
        let next = parts(&entry).into_iter().find(|it| it.attribute == attribute && it.first == from);
        let next = next.ok_or_else(|| broken("the answer is another part"))?;
        let values = entry.attributes.remove(&next.key).unwrap_or_default();
        if values.is_empty() && next.last.is_some() {
            return Err(broken("an empty part that is not the last"));
        }
        Ok((next, values))
    }
}

fn part(key: &str) -> Option<Part> {
    let (attribute, range) = key.split_once(";range=")?;
    let (first, last) = range.split_once('-')?;
    let last = match last {
        "*" => None,
        last => Some(last.parse().ok()?),
    };
    Some(Part { key: key.to_owned(), attribute: attribute.to_owned(), first: first.parse().ok()?, last })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_told_by_the_name_of_its_attribute() {
        let shown = |key| part(key).map(|it| (it.attribute, it.first, it.last));
        assert_eq!(shown("member;range=0-1499"), Some(("member".into(), 0, Some(1499))));
        assert_eq!(shown("member;range=1500-*"), Some(("member".into(), 1500, None)));
        for key in
            ["member", "member;binary", "member;range=", "member;range=a-b", "member;range=0-18446744073709551616"]
        {
            assert_eq!(part(key), None, "{key}");
        }
    }
}
