//! Whether an incident gets a message of its own, or is taken up by one that is there.

use std::collections::HashSet;

use domain::incidents::Incident;
use domain::incidents::ping::Recent;

use super::Rules;

/// The message of a channel that takes an incident up: one of those (by their keys) that tell of the same thing, come again;
/// else the newest of those about its service, its policy or anything, where there are as many as may be. The newest come first.
pub(super) fn in_channel<'a>(
    recent: &[&'a Recent],
    again: &HashSet<&str>,
    incident: &Incident,
    rules: &Rules,
) -> Option<&'a Recent> {
    if let Some(again) = recent.iter().find(|it| again.contains(it.key.as_str())) {
        return Some(again);
    }
    let full = |limit: u32, alike: &dyn Fn(&Recent) -> bool| {
        let mut those = recent.iter().filter(|it| alike(it));
        let newest = those.next()?;
        (those.count() + 1 >= usize::try_from(limit).unwrap_or(usize::MAX)).then_some(*newest)
    };
    full(rules.fold_service, &|it| it.service_id == incident.service_id)
        .or_else(|| full(rules.fold_policy, &|it| it.policy_id.is_some() && it.policy_id == incident.policy_id))
        .or_else(|| full(rules.fold_channel, &|_| true))
}

/// By what an incident is known that comes again: PagerDuty's key of the cause, or its service and title.
pub(super) fn signs(incident: &Incident) -> Vec<String> {
    let short = |kind: &str, text: &str| {
        format!("{kind}:{}", uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, text.as_bytes()).simple())
    };
    let title = short("title", &format!("{}\n{}", incident.service_id, incident.title));
    let key = incident.key.as_deref().filter(|it| !it.is_empty());
    let key = key.map(|it| short("key", &format!("{}\n{it}", incident.service_id)));
    std::iter::once(title).chain(key).collect()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use domain::incidents::{Status, Urgency};

    use super::*;

    fn incident(service: &str, policy: &str, title: &str, key: Option<&str>) -> Incident {
        Incident {
            id: "Q".into(),
            number: 1,
            title: title.into(),
            status: Status::Triggered,
            urgency: Urgency::High,
            priority: None,
            service_id: service.into(),
            policy_id: Some(policy.into()),
            key: key.map(String::from),
            url: None,
            bridge_url: None,
            created_at: DateTime::UNIX_EPOCH,
            resolved_at: None,
            changed_by: None,
            source_at: DateTime::UNIX_EPOCH,
            source_id: String::new(),
            revision: 1,
        }
    }

    fn one(key: &str, service: &str, policy: &str) -> Recent {
        let (service_id, policy_id) = (service.into(), Some(policy.into()));
        Recent { key: key.into(), place: "slack:C1".into(), service_id, policy_id, urgent: true }
    }

    #[test]
    fn what_comes_again_goes_where_it_was_and_a_limit_that_is_reached_to_the_newest() {
        let rules = Rules { fold_service: 2, fold_policy: 3, fold_channel: 5, ..Rules::default() };
        let of = |recent: &[Recent], again: &[&str]| {
            let (all, again): (Vec<&Recent>, _) = (recent.iter().collect(), again.iter().copied().collect());
            in_channel(&all, &again, &incident("S1", "P1", "down", None), &rules).map(|it| it.key.clone())
        };
        let chosen = |recent: &[Recent]| of(recent, &[]);
        assert_eq!(chosen(&[]), None);
        assert_eq!(chosen(&[one("a", "S1", "P1")]), None, "a second one still has its own");
        assert_eq!(chosen(&[one("b", "S1", "P1"), one("a", "S1", "P1")]), Some("b".into()));
        assert_eq!(chosen(&[one("b", "S2", "P1"), one("a", "S3", "P1")]), None);
        assert_eq!(chosen(&[one("c", "S4", "P1"), one("b", "S2", "P1"), one("a", "S3", "P1")]), Some("c".into()));
        let others: Vec<Recent> = (0..5).map(|it| one(&it.to_string(), "S9", &format!("P{}", it + 5))).collect();
        assert_eq!((chosen(&others[..4]), chosen(&others)), (None, Some("0".into())));
        assert_eq!(of(&[one("b", "S1", "P1"), one("a", "S1", "P1")], &["a"]), Some("a".into()));
    }

    #[test]
    fn the_same_key_or_the_same_title_of_a_service_is_the_same_thing() {
        let signs = |service: &str, title: &str, key: Option<&str>| signs(&incident(service, "P1", title, key));
        let shares = |a: &[String], b: &[String]| a.iter().any(|it| b.contains(it));
        let first = signs("S1", "down", Some("k"));
        assert!(shares(&first, &signs("S1", "up again", Some("k"))) && shares(&first, &signs("S1", "down", None)));
        assert!(!shares(&first, &signs("S2", "down", Some("k"))) && !shares(&first, &signs("S1", "slow", Some("l"))));
        assert!(first.iter().all(|it| it.len() < 50), "whatever is in a title fits an index");
    }
}
