//! Who is mentioned in a text, as GitHub reads it: not in code, not in what is quoted, not in addresses.
//! <https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#mentioning-people-and-teams>

/// "Username may only contain alphanumeric characters or single hyphens", and 39 of them.
const MAX_LOGIN: usize = 39;

/// More of one text than this are not looked at.
const MAX: usize = 50;

/// The logins that a text mentions, in lower case, each once; a team is `organization/slug`.
pub(super) fn mentions(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in said(text) {
        for login in of_line(&without_code(&line)) {
            if !found.contains(&login) && found.len() < MAX {
                found.push(login);
            }
        }
    }
    found
}

/// Those that a text mentions and that it did not before.
pub(super) fn newly(text: &str, before: &str) -> Vec<String> {
    let known = mentions(before);
    mentions(text).into_iter().filter(|it| !known.contains(it)).collect()
}

/// Lines without blocks of code, quotes and comments.
fn said(text: &str) -> Vec<String> {
    let text = without_comments(text);
    let (mut lines, mut fence, mut blank, mut indented): (Vec<String>, Option<&str>, bool, bool) =
        (Vec::new(), None, true, false);
    for line in text.lines() {
        let inner = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|it| inner.starts_with(it));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (Some(_), _) => {}
            (None, None) => {
                let deep = line.starts_with("    ") || line.starts_with('\t');
                indented = deep && (blank || indented);
                if !inner.starts_with('>') && !indented {
                    lines.push(line.into());
                }
            }
        }
        blank = inner.is_empty();
    }
    lines
}

fn without_comments(text: &str) -> String {
    let (mut kept, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once("<!--") {
        kept.push_str(before);
        rest = after.split_once("-->").map_or("", |it| it.1);
    }
    kept.push_str(rest);
    kept
}

/// A line without what lies between backticks; a backtick that nothing closes is one like any other.
fn without_code(line: &str) -> String {
    let (mut kept, mut rest) = (String::with_capacity(line.len()), line);
    while let Some(at) = rest.find('`') {
        let ticks = rest[at..].bytes().take_while(|it| *it == b'`').count();
        let (mark, after) = rest[at..].split_at(ticks);
        kept.push_str(&rest[..at]);
        rest = match after.find(mark) {
            Some(end) => {
                kept.push(' ');
                &after[end + ticks..]
            }
            None => {
                kept.push('`');
                after
            }
        };
    }
    kept.push_str(rest);
    kept
}

fn of_line(line: &str) -> impl Iterator<Item = String> {
    let starts = line.match_indices('@').filter(|(at, _)| {
        let before = line[..*at].chars().next_back();
        before.is_none_or(|it| !it.is_alphanumeric() && !"_@./-+`\\".contains(it))
    });
    starts.filter_map(|(at, _)| login(&line[at + 1..]))
}

/// The login at the beginning of a text.
fn login(text: &str) -> Option<String> {
    let name = word(text, |it| it.is_ascii_alphanumeric() || it == '-');
    let after = &text[name.len()..];
    let good = !name.is_empty() && name.len() <= MAX_LOGIN && !name.starts_with('-') && !name.contains("--");
    if !good {
        return None;
    }
    let team = after.strip_prefix('/').map(|it| word(it, |it| it.is_ascii_alphanumeric() || it == '-' || it == '_'));
    // What goes on is no login but a path, or the scope of a package.
    let rest = team.map_or(after, |team| &after[1 + team.len()..]);
    let mut rest = rest.chars();
    let ends = match rest.next() {
        None => true,
        Some('.' | ':') => rest.next().is_none_or(|it| !it.is_alphanumeric()),
        Some(it) => !it.is_alphanumeric() && !"_@/".contains(it),
    };
    let name = name.trim_end_matches('-').to_lowercase();
    match team {
        _ if !ends => None,
        None => Some(name),
        Some(team) if !team.is_empty() => Some(format!("{name}/{}", team.to_lowercase())),
        Some(_) => None,
    }
}

fn word(text: &str, allowed: impl Fn(char) -> bool) -> &str {
    text.find(|it| !allowed(it)).map_or(text, |end| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_and_teams_are_found_once_whatever_their_case() {
        assert_eq!(
            mentions("@Ada, could you and @mosaic-lane/Payments look? cc (@grace) @ada."),
            ["ada", "mosaic-lane/payments", "grace"]
        );
        assert_eq!(mentions("**@lin** (@ken) \"@joan\" — @a-b-c!"), ["lin", "ken", "joan", "a-b-c"]);
        assert_eq!(mentions("first\n@dennis: see @bob/"), ["dennis"]);
        assert_eq!(mentions("@renovate[bot] rebase"), ["renovate"]);
    }

    #[test]
    fn addresses_paths_and_decorators_are_none() {
        for none in [
            "ada@example.com",
            "x.y@z",
            "a/@b",
            "@@ada",
            "@",
            "@ ada",
            "@-ada",
            "@a--b",
            "\\@ada",
            "user_@ada",
            "@types/node/x",
            "@ada@example.com",
            "@ada.example.com",
            "@über",
            "@a_b",
        ] {
            assert_eq!(mentions(none), Vec::<String>::new(), "{none}");
        }
        assert_eq!(mentions(&format!("@{}", "a".repeat(40))), Vec::<String>::new());
    }

    #[test]
    fn code_quotes_and_comments_mention_nobody() {
        let text = "Run `@ada` and ``a ` @b`` now\n> @quoted said so\n```rust\n@Override @code\n```\n~~~\n@c\n```\n@d\n~~~\n\n    @indented\n\n\
            <!-- @hidden\n@too -->@shown\n`@half";
        assert_eq!(mentions(text), ["shown"]);
        assert_eq!(mentions("- item\n    @continued"), ["continued"], "no block of code without an empty line");
    }

    #[test]
    fn of_an_edited_text_only_the_new_ones_count() {
        assert_eq!(newly("@ada @grace", "@Ada"), ["grace"]);
        assert_eq!(mentions(&(0..200).map(|it| format!("@u{it} ")).collect::<String>()).len(), MAX);
    }
}
