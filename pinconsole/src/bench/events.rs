//! Events as GitHub sends them: 8 to 24 KB of JSON, signed.

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::client::post;

/// What signs GitHub's events here.
pub const SECRET: &str = "a webhook secret of the benchmarks";

/// How many bodies there are; each is sent again and again, under another id.
const BODIES: usize = 256;

/// Stands where each request has an id of its own.
const ID: &str = "00000000-0000-4000-8000-000000000000";

/// An event that can be sent under any id.
pub struct Event {
    /// The body.
    pub body: Bytes,
    request: Vec<u8>,
    /// Where its id stands.
    id: usize,
}

impl Event {
    /// Writes the request with a new id in place of what was there.
    pub fn write(&self, into: &mut Vec<u8>) {
        into.clear();
        into.extend_from_slice(&self.request);
        Uuid::new_v4().hyphenated().encode_lower(&mut into[self.id..self.id + ID.len()]);
    }
}

/// All of them; sizes from 8 to 24 KB are equally often.
pub fn all() -> Vec<Event> {
    (0..BODIES).map(event).collect()
}

fn event(number: usize) -> Event {
    let size = 8_192 + number * 16_384 / BODIES;
    let body = body(number, size).to_string();
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).map(|it| it.chain_update(&body).finalize());
    let signature = format!("sha256={}", mac.map(|it| hex::encode(it.into_bytes())).unwrap_or_default());
    let headers = [
        ("accept", "*/*"),
        ("content-type", "application/json"),
        ("user-agent", "GitHub-Hookshot/044aadd"),
        ("x-github-delivery", ID),
        ("x-github-event", "pull_request"),
        ("x-github-hook-id", "292430182"),
        ("x-github-hook-installation-target-id", "79929171"),
        ("x-github-hook-installation-target-type", "repository"),
        ("x-hub-signature-256", &signature),
    ];
    let request = post("/webhooks/github", &headers, &body);
    let id = request.windows(ID.len()).position(|it| it == ID.as_bytes()).unwrap_or_default();
    Event { body: body.into(), request, id }
}

/// A pull request with as many reviewers as fill the size.
fn body(number: usize, size: usize) -> Value {
    let mut reviewers = Vec::new();
    let mut length = 0;
    while length < size - 3_000 {
        let one = user(number * 100 + reviewers.len());
        length += one.to_string().len();
        reviewers.push(one);
    }
    json!({
        "action": "synchronize",
        "number": number,
        "before": sha(number),
        "after": sha(number + 1_000_000),
        "pull_request": {
            "url": format!("https://api.github.com/repos/mosaic/payments/pulls/{number}"),
            "id": number * 7_919, "number": number, "state": "open", "draft": false, "merged": false,
            "title": format!("Retry transfers that the bank's gateway timed out on ({number})"),
            "body": "The gateway answers 504 when its own ledger is slow.\r\n\r\n- retry with backoff\r\n- one key a transfer\r\n",
            "user": user(number),
            "head": { "ref": format!("retry-{number}"), "sha": sha(number + 2_000_000), "repo": repository() },
            "base": { "ref": "main", "sha": sha(number + 3_000_000) },
            "requested_reviewers": reviewers,
            "created_at": "2026-11-02T09:14:07Z", "updated_at": "2026-11-03T16:40:51Z", "merged_at": null,
            "additions": number % 977, "deletions": number % 313, "changed_files": number % 41,
        },
        "repository": repository(),
        "sender": user(number),
    })
}

fn repository() -> Value {
    json!({ "id": 35_129_377, "name": "payments", "full_name": "mosaic/payments", "private": true, "default_branch": "main",
        "html_url": "https://github.com/mosaic/payments", "topics": ["rust", "ledger"], "license": null })
}

fn user(number: usize) -> Value {
    let login = format!("user{number}");
    let of = |what: &str| format!("https://api.github.com/users/{login}/{what}");
    json!({
        "login": login, "id": number * 104_729, "node_id": sha(number)[..20], "type": "User", "site_admin": false,
        "avatar_url": format!("https://avatars.githubusercontent.com/u/{number}?v=4"),
        "html_url": format!("https://github.com/{login}"), "followers_url": of("followers"), "repos_url": of("repos"),
        "events_url": of("events{/privacy}"), "received_events_url": of("received_events"), "gists_url": of("gists{/gist_id}"),
        "organizations_url": of("orgs"), "starred_url": of("starred{/owner}{/repo}"), "subscriptions_url": of("subscriptions"),
    })
}

fn sha(number: usize) -> String {
    hex::encode(&Sha256::digest(number.to_string())[..20])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_have_the_sizes_that_were_promised_and_each_request_its_own_id() {
        let events = all();
        let sizes: Vec<usize> = events.iter().map(|it| it.body.len()).collect();
        assert!(sizes.iter().all(|it| (7_500..26_000).contains(it)), "{:?}", (sizes.iter().min(), sizes.iter().max()));
        let mean = sizes.iter().sum::<usize>() / sizes.len();
        assert!((15_000..18_500).contains(&mean), "{mean}");
        let (mut one, mut other) = (Vec::new(), Vec::new());
        events[0].write(&mut one);
        events[0].write(&mut other);
        assert!(one != other && one.len() == other.len());
    }
}
