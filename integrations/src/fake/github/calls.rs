use super::GitHub;

/// A call of the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitHubCall {
    /// The route, such as `GET /app/installations`, or `POST /graphql`.
    pub route: String,
    /// The path as it was called.
    pub path: String,
    /// Of a question in GraphQL its name, such as `Pulls`.
    pub question: Option<String>,
    /// What was answered.
    pub status: u16,
}

#[derive(Default)]
pub(super) struct Calls {
    pub(super) log: Vec<GitHubCall>,
    pub(super) points: u64,
}

impl GitHub {
    /// The calls of the app, oldest first, those that failed included.
    pub fn calls(&self) -> Vec<GitHubCall> {
        self.state().calls.log.clone()
    }

    /// How often the app called a route, such as `GET /app/installations`.
    pub fn count(&self, route: &str) -> usize {
        self.state().calls.log.iter().filter(|it| it.route == route).count()
    }

    /// How often the app asked a question of this name in GraphQL.
    pub fn asked(&self, question: &str) -> usize {
        self.state().calls.log.iter().filter(|it| it.question.as_deref() == Some(question)).count()
    }

    /// How often the app was answered that nothing changed, which does not count.
    pub fn unchanged(&self) -> usize {
        self.state().calls.log.iter().filter(|it| it.status == 304).count()
    }

    /// Points that questions cost so far.
    pub fn points(&self) -> u64 {
        self.state().calls.points
    }

    /// Forgets the calls so far.
    pub fn count_anew(&self) {
        self.tell(|state| state.calls = Calls::default());
    }
}
