use cards::{Ask, Page};
use domain::preference::{Kind, Way};
use domain::reference::EntityRef;

/// Every question that a card offers to ask: the command, and the page with the same answer.
pub struct Asks;

impl Asks {
    /// What an entity is; people and groups have questions of their own.
    pub fn subject(reference: &str) -> Option<Ask> {
        let reference = EntityRef::parse(reference, None, "default").ok()?;
        let org = reference.namespace() == "default";
        Some(match reference.kind() {
            "user" if org => Self::person(reference.name()),
            "group" if org => Self::team(reference.name()),
            _ => Ask { command: format!("catalog {reference}"), page: Some(Self::entity_page(&reference)) },
        })
    }

    /// Who a person is.
    pub fn person(name: &str) -> Ask {
        Ask { command: format!("person {name}"), page: Some(Page::at(["person", name])) }
    }

    /// Who is in a group.
    pub fn team(name: &str) -> Ask {
        Self::team_turned(name, 1)
    }

    /// The nth page of who is in a group.
    pub fn team_turned(name: &str, page: u32) -> Ask {
        let at = Page::at(["team", name]);
        Ask { command: turned(format!("team {name}"), page), page: Some(turned_page(at, page)) }
    }

    /// The nth page of what a person or group owns.
    pub fn owns(reference: &EntityRef, page: u32) -> Ask {
        let at = Page::at(["owns", reference.kind(), reference.name()]);
        Ask {
            command: turned(format!("owns {}:{}", reference.kind(), reference.name()), page),
            page: Some(turned_page(at, page)),
        }
    }

    /// What the person with this entity name owns.
    pub fn owns_named(name: &str) -> Ask {
        Ask { command: format!("owns user:{name}"), page: Some(Page::at(["owns", "user", name])) }
    }

    /// The nth page of what words find in the catalog.
    pub fn search(words: &str, page: u32) -> Ask {
        let at = Page::at(["search"]).with("q", words);
        Ask { command: turned(format!("catalog {}", typed(words)), page), page: Some(turned_page(at, page)) }
    }

    /// Everything that words find, even where one name is exactly theirs.
    pub fn matches(words: &str) -> Ask {
        let Ask { command, page } = Self::search(words, 1);
        Ask { command: format!("{command} --all"), page }
    }

    /// The nth page of the people that words find.
    pub fn people(words: &str, page: u32) -> Ask {
        let at = Page::at(["search"]).with("q", words).with("kind", "user");
        Ask { command: turned(format!("person {}", typed(words)), page), page: Some(turned_page(at, page)) }
    }

    /// The nth page of the groups that words find.
    pub fn groups(words: &str, page: u32) -> Ask {
        let at = Page::at(["search"]).with("q", words).with("kind", "group");
        Ask { command: turned(format!("team {}", typed(words)), page), page: Some(turned_page(at, page)) }
    }

    /// The incidents that are open.
    pub fn incidents() -> Ask {
        Ask { command: "incident list".into(), page: Some(Page::at(["incidents"])) }
    }

    /// An incident, by its number.
    pub fn incident(number: i64) -> Ask {
        let page = Page::at(["incidents", &number.to_string()]);
        Ask { command: format!("incident show {number}"), page: Some(page) }
    }

    /// Everything that can be done about an incident.
    pub fn incident_actions(number: i64) -> Ask {
        Ask { command: format!("incident actions {number}"), page: None }
    }

    /// What happened to an incident.
    pub fn incident_log(number: i64) -> Ask {
        let page = Page::at(["incidents", &number.to_string()]);
        Ask { command: format!("incident log {number}"), page: Some(page) }
    }

    /// Who is on call for a service, an entity, a team or a person.
    pub fn on_call_for(what: &str) -> Ask {
        Ask { command: format!("oncall {}", typed(what)), page: Some(Page::at(["oncall"]).with("q", what)) }
    }

    /// Who is on call for an entity, a group or by a person.
    pub fn oncall_of(reference: &EntityRef) -> Ask {
        let page = Page::at(["oncall", reference.kind(), reference.namespace(), reference.name()]);
        let command = match (reference.kind(), reference.namespace()) {
            ("user" | "group", "default") => format!("oncall {}:{}", reference.kind(), reference.name()),
            _ => format!("oncall {reference}"),
        };
        Ask { command, page: Some(page) }
    }

    /// Who is on call for a service, policy or schedule of PagerDuty, by its id.
    pub fn oncall_id(kind: &str, id: &str) -> Ask {
        Ask { command: format!("oncall {kind}:{}", typed(id)), page: Some(Page::at(["oncall", kind, id])) }
    }

    /// The nth page of who is on call for everything.
    pub fn oncall_all(page: u32) -> Ask {
        Ask { command: turned("oncall all".into(), page), page: Some(turned_page(Page::at(["oncall"]), page)) }
    }

    /// The nth page of when nobody is on call, for what these words mean or at all.
    pub fn oncall_gaps(words: Option<&str>, page: u32) -> Ask {
        let (command, at) = with_words("oncall gaps", Page::at(["gaps"]), words);
        Ask { command: turned(command, page), page: Some(turned_page(at, page)) }
    }

    /// The nth page of the turns of the schedule with this id.
    pub fn schedule(id: &str, page: u32) -> Ask {
        let at = Page::at(["schedules", id]);
        Ask { command: turned(format!("oncall schedule {}", typed(id)), page), page: Some(turned_page(at, page)) }
    }

    /// The turns of the schedules behind what these words mean.
    pub fn schedule_of(words: &str) -> Ask {
        Ask { command: format!("oncall schedule {}", typed(words)), page: None }
    }

    /// The nth page of incidents: the open ones, all, or those of what these words mean.
    pub fn incident_list(words: Option<&str>, page: u32) -> Ask {
        let (command, at) = with_words("incident list", Page::at(["incidents"]), words);
        Ask { command: turned(command, page), page: Some(turned_page(at, page)) }
    }

    /// The nth page of what happened to an incident.
    pub fn incident_log_turned(number: i64, page: u32) -> Ask {
        let Ask { command, page: at } = Self::incident_log(number);
        Ask { command: turned(command, page), page: at.map(|it| turned_page(it, page)) }
    }

    /// The nth page of open pull requests: those that these words mean, or the asker's own.
    pub fn pulls(words: Option<&str>, page: u32) -> Ask {
        let (command, at) = with_words("prs", Page::at(["prs"]), words);
        Ask { command: turned(command, page), page: Some(turned_page(at, page)) }
    }

    /// The nth page of the open pull requests that concern somebody, with those that they put aside.
    pub fn pulls_with_aside(words: &str, page: u32) -> Ask {
        Ask { command: turned(format!("prs {} --all", typed(words)), page), page: None }
    }

    /// Who of a team has how much to review.
    pub fn review_load(team: &str) -> Ask {
        let page = Page::at(["prs"]).with("q", team).with("load", "yes");
        Ask { command: format!("prs {} --load", typed(team)), page: Some(page) }
    }

    /// A pull request, `owner/name#number`.
    pub fn pull(reference: &str) -> Ask {
        Self::pull_turned(reference, 1)
    }

    /// A pull request, with the nth page of what happened to it.
    pub fn pull_turned(reference: &str, page: u32) -> Ask {
        let at = Page::at(["pr"].into_iter().chain(reference.split(['/', '#'])));
        Ask { command: turned(format!("pr {}", typed(reference)), page), page: Some(turned_page(at, page)) }
    }

    /// Everything that can be asked.
    pub fn help() -> Ask {
        Ask { command: "help".into(), page: Some(Page::at(["help"])) }
    }

    /// How one command is used.
    pub fn help_on(command: &str) -> Ask {
        Ask { command: format!("help {command}"), page: Some(Page::at(["help", command])) }
    }

    /// The nth page of the audit, with these options.
    pub fn audit(options: &str, page: u32) -> Ask {
        let command = if options.is_empty() { "audit".into() } else { format!("audit {options}") };
        Ask { command: turned(command, page), page: None }
    }

    /// What sending a message again that nobody got would do.
    pub fn retry(message: uuid::Uuid) -> Ask {
        Ask { command: format!("outbox retry {message}"), page: None }
    }

    /// Why a message is where it is.
    pub fn why(message: uuid::Uuid) -> Ask {
        Ask { command: format!("why {message}"), page: None }
    }

    /// What makes messages like this one less.
    pub fn less(message: uuid::Uuid) -> Ask {
        Ask { command: format!("why {message} --less"), page: None }
    }

    /// What one is told directly.
    pub fn notifications() -> Ask {
        Ask { command: "notifications".into(), page: None }
    }

    /// To be told a kind of thing this way from now on.
    pub fn notify(kind: Kind, way: Way) -> Ask {
        Ask { command: format!("notifications {} {}", kind.as_str(), way.as_str()), page: None }
    }

    /// To hear nothing more of a repository, or again.
    pub fn mute(repository: &str, muted: bool) -> Ask {
        let option = if muted { "--mute" } else { "--unmute" };
        Ask { command: format!("notifications {option} {}", typed(repository)), page: None }
    }

    /// Who one is, on every platform.
    pub fn whoami() -> Ask {
        Ask { command: "whoami".into(), page: None }
    }

    /// To take back that a GitHub account is linked.
    pub fn unlink_github() -> Ask {
        Ask { command: "unlink github".into(), page: None }
    }

    /// What an event is.
    pub fn event(id: uuid::Uuid) -> Ask {
        Ask { command: format!("inbox show {id}"), page: None }
    }

    /// What applying an event again would do.
    pub fn replay(verb: &str, event: uuid::Uuid) -> Ask {
        Ask { command: format!("inbox {verb} {event}"), page: None }
    }

    /// What accepting the sync that the brake stopped would do.
    pub fn accept_sync() -> Ask {
        Ask { command: "sync accept".into(), page: None }
    }

    /// How fresh everything is.
    pub fn status_page() -> Page {
        Page::at(["status"])
    }

    pub(crate) fn entity_page(reference: &EntityRef) -> Page {
        Page::at(["catalog", reference.kind(), reference.namespace(), reference.name()])
    }
}

fn with_words(command: &str, at: Page, words: Option<&str>) -> (String, Page) {
    match words {
        Some(words) => (format!("{command} {}", typed(words)), at.with("q", words)),
        None => (command.to_string(), at),
    }
}

fn turned(command: String, page: u32) -> String {
    if page > 1 { format!("{command} --page {page}") } else { command }
}

fn turned_page(at: Page, page: u32) -> Page {
    if page > 1 { at.with("page", &page.to_string()) } else { at }
}

/// The words as they can be typed after a command: no quotes, and nothing that looks like an option.
fn typed(words: &str) -> String {
    let plain: String = words.chars().map(|it| if it == '"' || it.is_control() { ' ' } else { it }).collect();
    let words: Vec<&str> =
        plain.split_whitespace().map(|it| it.trim_start_matches('-')).filter(|it| !it.is_empty()).collect();
    words.join(" ")
}
