/// What events are about: what must be known before the first of them is applied.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// Pull requests, by GitHub's id.
    pub pulls: Vec<i64>,
    /// Pull requests, by repository and number.
    pub numbers: Vec<(i64, i32)>,
    /// Commits, by repository: what is known of them, and the open pull requests whose newest commit each is.
    pub commits: Vec<(i64, String)>,
    /// Commits of which only what was found out about them must be known.
    pub heads: Vec<(i64, String)>,
    /// Branches that moved, by repository: open pull requests go into them.
    pub branches: Vec<(i64, String)>,
    /// Repositories that are gone, and their open pull requests with them.
    pub gone: Vec<i64>,
    /// People, bots and organisations.
    pub actors: Vec<i64>,
    /// Teams.
    pub teams: Vec<i64>,
    /// Repositories.
    pub repositories: Vec<i64>,
    /// Acts, by id, of which one must know whether they are new.
    pub acts: Vec<String>,
}

impl About {
    /// Whether any pull request is among it.
    pub(super) fn has_pulls(&self) -> bool {
        let by_name = !self.pulls.is_empty() || !self.numbers.is_empty() || !self.commits.is_empty();
        by_name || !self.branches.is_empty() || !self.gone.is_empty()
    }

    /// Both.
    pub fn and(mut self, other: Self) -> Self {
        self.pulls.extend(other.pulls);
        self.numbers.extend(other.numbers);
        self.commits.extend(other.commits);
        self.heads.extend(other.heads);
        self.branches.extend(other.branches);
        self.gone.extend(other.gone);
        self.actors.extend(other.actors);
        self.teams.extend(other.teams);
        self.repositories.extend(other.repositories);
        self.acts.extend(other.acts);
        self
    }
}
