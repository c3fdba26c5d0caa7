//! The company as GitHub has it, and what goes on there.

use std::net::SocketAddr;

use anyhow::Result;
use integrations::fake::github::GitHub;
use secrecy::SecretString;

use super::{PEOPLE, PULLS, REPOSITORIES};
use crate::bench::company;
use crate::bench::events::SECRET;

const ORGANIZATION: &str = "mosaic-lane";
const TEAMS: usize = 50;
/// Teams of which somebody leaves in a busy hour.
const REGROUPED: usize = 5;

/// What happens in a busy minute: so many pull requests change, so many main branches move, each below six others, and so many events
/// are lost on their way.
const CHANGED: usize = 20;
const MOVED: usize = 5;
const LOST: usize = 1;

/// A company at a played GitHub.
pub struct Company {
    /// GitHub.
    pub github: GitHub,
    pulls: Vec<i64>,
    next: usize,
    moved: usize,
    gone: usize,
}

impl Company {
    /// Its people, teams, repositories and open pull requests; nobody was told of any.
    pub async fn founded(github: GitHub) -> Self {
        github.organization(ORGANIZATION);
        for number in 0..PEOPLE {
            github.person(&company::person(number));
        }
        for number in 0..REPOSITORIES {
            github.repository(&repository(number), Some(1));
        }
        let open = |it: usize| github.open(&repository(it), &company::person(it % PEOPLE), &format!("Change {it}"));
        let pulls = (0..PULLS).map(open).collect();
        github.settled().await;
        github.forget_webhooks();
        // As GitHub does, whenever a base or a head moves.
        github.think(1);
        let company = Self { github, pulls, next: 0, moved: 0, gone: 0 };
        (0..TEAMS).for_each(|it| company.team(it, 0));
        company
    }

    /// Its events go there from now on.
    pub fn tells(&self, address: SocketAddr) -> Result<()> {
        let url = format!("http://{address}/webhooks/github").parse()?;
        self.github.receiver(url, SecretString::from(SECRET));
        Ok(())
    }

    /// A busy minute.
    pub async fn minute(&mut self) {
        for nth in 0..CHANGED {
            let (pull, by) = self.next();
            match nth % 4 {
                0 => self.github.push(pull, &by),
                1 => self.github.comment(pull, &by, "Why?"),
                2 => self.github.approve(pull, &by),
                _ => self.github.label(pull, &by, "bench"),
            }
        }
        for _ in 0..MOVED {
            self.moved += 7;
            self.github.push_main(&repository(self.moved), &company::person(self.moved % PEOPLE));
        }
        self.github.settled().await;
        self.github.lose_webhooks(true);
        for _ in 0..LOST {
            let (pull, by) = self.next();
            self.github.label(pull, &by, "lost");
        }
        self.github.settled().await;
        self.github.lose_webhooks(false);
    }

    /// Somebody leaves some of the teams.
    pub fn regroup(&mut self) {
        self.gone += 1;
        (0..REGROUPED).for_each(|it| self.team(it, self.gone));
    }

    /// A team without the first so many of its people.
    fn team(&self, number: usize, gone: usize) {
        let size = PEOPLE / TEAMS;
        let people: Vec<String> = (0..size).skip(gone % size).map(|it| company::person(number * size + it)).collect();
        let people: Vec<&str> = people.iter().map(String::as_str).collect();
        self.github.team(ORGANIZATION, &company::group(number), &people);
    }

    /// The pull request of which it is longest ago that something happened to it, and somebody who did not write it.
    fn next(&mut self) -> (i64, String) {
        self.next += 1;
        let number = self.next % self.pulls.len();
        (self.pulls[number], company::person((number + 1) % PEOPLE))
    }
}

fn repository(number: usize) -> String {
    format!("{ORGANIZATION}/bench{}", number % REPOSITORIES)
}
