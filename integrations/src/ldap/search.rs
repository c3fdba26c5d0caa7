use std::collections::BTreeMap;

use ldap3::asn1::StructureTag;
use ldap3::controls::{ControlType, MakeCritical, PagedResults, RawControl};
use ldap3::{LdapResult, ResultEntry, Scope, parse_refs};

use super::connection::Connection;
use super::{Entry, ReadError};

/// What is looked for.
pub(super) struct Search<'a> {
    pub(super) base: &'a str,
    pub(super) scope: Scope,
    pub(super) filter: &'a str,
    pub(super) attributes: &'a [String],
}

/// What was found.
#[derive(Default)]
pub(super) struct Found {
    pub(super) entries: Vec<Entry>,
    pub(super) referrals: Vec<String>,
}

impl Connection {
    /// Reads every page. `seen` hears how many entries there are after each.
    ///
    /// The crate's own adapter goes on to the next page whatever the result of the one before, so paging is done here:
    /// each page must succeed, and the last must say that it is the last. <https://www.rfc-editor.org/rfc/rfc2696>
    pub(super) async fn pages(
        &mut self,
        search: &Search<'_>,
        seen: &(dyn Fn(usize) + Sync),
    ) -> Result<Found, ReadError> {
        let mut found = Found::default();
        let mut cookie = Vec::new();
        loop {
            let page = PagedResults { size: self.config.page_size.into(), cookie };
            let result = self.page(search, page, &mut found).await?;
            seen(found.entries.len());
            cookie = next_page(&result)?;
            if cookie.is_empty() {
                return Ok(found);
            }
        }
    }

    /// Reads one page, whose result is success.
    pub(super) async fn page(
        &mut self,
        search: &Search<'_>,
        page: PagedResults,
        found: &mut Found,
    ) -> Result<LdapResult, ReadError> {
        self.request(search, vec![page.critical().into()], found).await
    }

    /// Reads what one request answers.
    pub(super) async fn request(
        &mut self,
        search: &Search<'_>,
        controls: Vec<RawControl>,
        found: &mut Found,
    ) -> Result<LdapResult, ReadError> {
        let timeout = self.config.timeout();
        let Search { base, scope, filter, attributes } = search;
        let request = self.ldap.with_timeout(timeout).with_controls(controls);
        let request = request.streaming_search(base, *scope, filter, attributes.to_vec()).await;
        let mut stream = request.map_err(|it| self.asked().failed(it))?;
        while let Some(item) = stream.next().await.map_err(|it| self.asked().failed(it))? {
            if item.is_ref() {
                found.referrals.extend(parse_refs(item.0));
            } else if !item.is_intermediate() {
                found.entries.push(entry(item)?);
            }
        }
        let result = stream.finish().await;
        match result.rc {
            0 => Ok(result),
            _ => Err(self.asked().refused(&result, base)),
        }
    }
}

/// Where the next page begins; empty after the last.
fn next_page(result: &LdapResult) -> Result<Vec<u8>, ReadError> {
    let control = result.ctrls.iter().find(|it| matches!(it.0, Some(ControlType::PagedResults)));
    let answered = control.filter(|it| it.1.val.is_some()).ok_or_else(|| ReadError::Truncated {
        code: 0,
        seen: "it does not say whether there are more pages".to_owned(),
    })?;
    Ok(answered.1.parse::<PagedResults>().cookie)
}

/// The entry, with values as bytes: the crate's own reading sorts them into texts and others, by chance for binary ids.
fn entry(item: ResultEntry) -> Result<Entry, ReadError> {
    let malformed = || ReadError::Protocol("an entry is not encoded as entries are".to_owned());
    decoded(item.0).ok_or_else(malformed)
}

fn decoded(tag: StructureTag) -> Option<Entry> {
    let [dn, attributes] = <[StructureTag; 2]>::try_from(tag.expect_constructed()?).ok()?;
    let dn = String::from_utf8(dn.expect_primitive()?).ok()?;
    let mut entry = Entry { dn, attributes: BTreeMap::new() };
    for attribute in attributes.expect_constructed()? {
        let [name, values] = <[StructureTag; 2]>::try_from(attribute.expect_constructed()?).ok()?;
        let mut name = String::from_utf8(name.expect_primitive()?).ok()?;
        name.make_ascii_lowercase();
        let values: Option<Vec<_>> =
            values.expect_constructed()?.into_iter().map(StructureTag::expect_primitive).collect();
        let known = entry.attributes.entry(name).or_default();
        match known.is_empty() {
            true => *known = values?,
            false => known.extend(values?),
        }
    }
    Some(entry)
}
