//! Everything as webhooks and REST tell of it. <https://docs.github.com/en/webhooks/webhook-events-and-payloads>

use serde_json::{Value, json};

use super::record::{Asked, PullRecord, RepositoryRecord, ReviewRecord, Stage};
use super::state::State;
use super::told::time;

impl State {
    pub(super) fn user(&self, id: i64) -> Value {
        let Some(it) = self.actors.get(&id) else { return Value::Null };
        let url = format!("https://github.example/{}", it.login);
        json!({ "id": id, "node_id": format!("U_{id}"), "login": it.login, "type": it.kind, "html_url": url })
    }

    pub(super) fn repository_of_rest(&self, it: &RepositoryRecord) -> Value {
        json!({
            "id": it.id, "node_id": it.node(), "name": it.name.split('/').nth(1), "full_name": it.name, "private": true,
            "archived": false, "default_branch": "main", "html_url": format!("https://github.example/{}", it.name),
            "owner": self.user(self.actor(it.owner())),
        })
    }

    pub(super) fn team_of_rest(&self, id: i64) -> Value {
        let it = &self.teams[&id];
        let url = format!("https://github.example/orgs/{}/teams/{}", it.organization, it.slug);
        json!({ "id": id, "node_id": format!("T_{id}"), "slug": it.slug, "name": it.slug, "html_url": url })
    }

    /// What every event has beside what it is about.
    pub(super) fn event(&self, repository: i64, sender: i64, about: Value) -> Value {
        let it = &self.repositories[&repository];
        let mut event = json!({
            "repository": self.repository_of_rest(it), "organization": self.user(self.actor(it.owner())),
            "installation": { "id": it.installation, "node_id": "MDIz" }, "sender": self.user(sender),
        });
        if let (Some(event), Value::Object(about)) = (event.as_object_mut(), about) {
            event.extend(about);
        }
        event
    }

    pub(super) fn pull_of_rest(&self, it: &PullRecord) -> Value {
        let repository = &self.repositories[&it.repository];
        let asked = |wanted: fn(&Asked) -> bool| it.asked.iter().filter(move |it| wanted(it));
        let people = asked(|it| matches!(it, Asked::Actor(_))).map(|it| match it {
            Asked::Actor(id) | Asked::Team(id) => self.user(*id),
        });
        let teams = asked(|it| matches!(it, Asked::Team(_))).map(|it| match it {
            Asked::Actor(id) | Asked::Team(id) => self.team_of_rest(*id),
        });
        let end =
            |name: &str, sha: &str| json!({ "ref": name, "sha": sha, "repo": self.repository_of_rest(repository) });
        json!({
            "id": it.id, "node_id": it.node(), "number": it.number, "title": it.title, "body": "",
            "state": if it.stage == Stage::Open { "open" } else { "closed" }, "draft": it.draft,
            "merged": it.stage == Stage::Merged, "merged_at": it.closed_at.filter(|_| it.stage == Stage::Merged).map(time),
            "merged_by": it.merged_by.map(|it| self.user(it)), "merge_commit_sha": it.merge_sha,
            "html_url": self.url(it), "user": self.user(it.author), "assignees": [],
            "created_at": time(it.created_at), "updated_at": time(it.updated_at), "closed_at": it.closed_at.map(time),
            "head": end(&it.branch, &it.sha), "base": end("main", "0"),
            "additions": it.size.0, "deletions": it.size.1, "changed_files": it.size.2, "mergeable": null,
            "mergeable_state": "unknown", "auto_merge": null,
            "labels": it.labels.iter().map(|it| json!({ "name": it })).collect::<Vec<_>>(),
            "requested_reviewers": people.collect::<Vec<_>>(), "requested_teams": teams.collect::<Vec<_>>(),
        })
    }

    pub(super) fn review_of_rest(&self, pull: &PullRecord, it: &ReviewRecord) -> Value {
        json!({
            "id": it.id, "node_id": format!("PRR_{}", it.id), "user": self.user(it.actor), "body": null, "commit_id": it.sha,
            "submitted_at": time(it.at), "state": it.state.to_lowercase(),
            "html_url": format!("{}#pullrequestreview-{}", self.url(pull), it.id),
        })
    }
}
