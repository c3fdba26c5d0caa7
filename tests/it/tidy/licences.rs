//! Under which licences everything may be passed on.

use super::metadata::METADATA;
use super::none;
use super::repository::{read, root};

/// What asks for no more than to be named.
const FREE: [&str; 13] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// What asks to pass on changed files too; tests are not passed on.
const FOR_TESTS: [&str; 1] = ["MPL-2.0"];

#[test]
fn everything_may_be_passed_on() {
    let packages = METADATA.built_in();
    let built_in = packages.into_iter().map(|it| (it, satisfied(it.license.as_deref(), &FREE)));
    let either = [FREE.as_slice(), FOR_TESTS.as_slice()].concat();
    let packages = METADATA.only_tested_with();
    let tested_with = packages.into_iter().map(|it| (it, satisfied(it.license.as_deref(), &either)));
    let refused = built_in.chain(tested_with).filter(|(_, good)| !good);
    none(refused.map(|(it, _)| format!("{} {}: {:?}", it.name, it.version, it.license)).collect());
}

#[test]
fn ours_is_the_readers_choice_of_two() {
    let other = METADATA.ours().filter(|it| it.license.as_deref() != Some("MIT OR Apache-2.0"));
    none(other.map(|it| format!("{}: {:?}", it.name, it.license)).collect());
    assert!(read("LICENSE-MIT").contains("Permission is hereby granted, free of charge"));
    assert!(read("LICENSE-APACHE").contains("Apache License"));
    assert!(root().join("LICENSE-APACHE").is_file());
}

#[test]
fn expressions_are_weighed() {
    let free = |it| satisfied(Some(it), &FREE);
    for good in [
        "MIT",
        "MIT/Apache-2.0",
        "GPL-3.0-only OR MIT",
        "(MIT OR Apache-2.0) AND Unicode-3.0",
        "MIT AND (GPL-2.0-only OR ISC)",
        "Apache-2.0 WITH LLVM-exception OR MPL-2.0",
    ] {
        assert!(free(good), "{good}");
    }
    for bad in ["GPL-3.0-only", "MIT AND MPL-2.0", "(MIT OR ISC) AND GPL-2.0-only", "MPL-2.0", "", "MIT OR", "(MIT"] {
        assert!(!free(bad), "{bad}");
    }
    assert!(!satisfied(None, &FREE));
    assert!(satisfied(Some("MPL-2.0"), &FOR_TESTS));
}

/// Whether a licence expression leaves a choice that is allowed.
/// <https://spdx.github.io/spdx-spec/v3.0.1/annexes/spdx-license-expressions/>
fn satisfied(expression: Option<&str>, allowed: &[&str]) -> bool {
    // Older packages write a slash where a choice is meant.
    let spaced = expression.unwrap_or_default().replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    choice(&mut words, allowed) == Some(true) && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn choice(words: &mut Words<'_>, allowed: &[&str]) -> Option<bool> {
    let mut good = all(words, allowed)?;
    while words.next_if_eq(&"OR").is_some() {
        good |= all(words, allowed)?;
    }
    Some(good)
}

fn all(words: &mut Words<'_>, allowed: &[&str]) -> Option<bool> {
    let mut good = one(words, allowed)?;
    while words.next_if_eq(&"AND").is_some() {
        good &= one(words, allowed)?;
    }
    Some(good)
}

fn one(words: &mut Words<'_>, allowed: &[&str]) -> Option<bool> {
    match words.next()? {
        "(" => {
            let good = choice(words, allowed)?;
            words.next_if_eq(&")").map(|_| good)
        }
        "OR" | "AND" | "WITH" | ")" => None,
        name => Some(match words.next_if_eq(&"WITH") {
            Some(_) => allowed.contains(&format!("{name} WITH {}", words.next()?).as_str()),
            None => allowed.contains(&name),
        }),
    }
}
