//! The 20,000 entities that are measured with.

use super::company;

/// How many entities.
pub const ENTITIES: usize = 20_000;

/// How many first words of names there are; so many entities share a second one.
const FIRST: usize = 400;
/// How many documents lie in one file.
const A_FILE: usize = 500;

/// The files, each with its name.
pub fn files() -> Vec<(String, String)> {
    let numbers: Vec<usize> = (0..ENTITIES).collect();
    let file = |numbers: &[usize]| numbers.iter().map(|it| document(*it)).collect::<String>();
    numbers.chunks(A_FILE).map(|it| (format!("catalog/{}.yaml", it[0]), file(it))).collect()
}

/// The name of the entity with this number: two words of which each pair is there once.
pub fn name(number: usize) -> String {
    format!("{}-{}", word(number % FIRST), word(FIRST + number / FIRST))
}

/// The canonical reference of the entity with this number.
pub fn reference(number: usize) -> String {
    let kind = kind(number).to_lowercase();
    format!("{kind}:default/{}", name(number))
}

/// The first word of a name, which 50 entities share.
pub fn first_word(number: usize) -> String {
    word(number % FIRST)
}

/// The name with a typing error: two letters have changed places.
pub fn misspelt(number: usize) -> String {
    let mut letters: Vec<char> = name(number).chars().collect();
    letters.swap(2, 3);
    letters.into_iter().collect()
}

/// A word of four syllables, another one for each number.
fn word(number: usize) -> String {
    const SYLLABLES: [&str; 30] = [
        "pay", "lo", "ri", "ven", "ta", "mo", "sel", "ka", "du", "fi", "gor", "ha", "jin", "ku", "lan", "ne", "ost",
        "pe", "qua", "rul", "sti", "tor", "um", "vi", "wex", "ya", "zo", "bri", "cra", "dex",
    ];
    // Numbers far apart in every syllable, so that words are as unlike as those of people.
    let mixed = (number + 1) * 7_919;
    [mixed % 29, mixed / 29 % 30, mixed / 7 % 27, mixed / 870 % 23].iter().map(|it| SYLLABLES[*it]).collect::<String>()
        + &letters(number)
}

fn letters(number: usize) -> String {
    let letter = |it: usize| char::from(b'a' + u8::try_from(it % 26).unwrap_or_default());
    [letter(number), letter(number / 26)].iter().collect()
}

fn kind(number: usize) -> &'static str {
    match number % 20 {
        0 => "System",
        1..=3 => "API",
        4 | 5 => "Resource",
        _ => "Component",
    }
}

fn document(number: usize) -> String {
    let (kind, name) = (kind(number), name(number));
    let title = name.replace('-', " ");
    let owner = company::group(number % company::GROUPS);
    let head = format!(
        "---\napiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata:\n  name: {name}\n  title: {title}\n\
         \x20 description: Keeps the {title} of the company in order\n  tags: [rust, tier-{tier}]\n  annotations:\n\
         \x20   github.com/project-slug: mosaic/{name}\n    pinconsole.io/slack-channel: \"#{name}\"\n\
         \x20   pinconsole.io/tier: \"{tier}\"\nspec:\n  owner: group:{owner}\n",
        tier = number % 4
    );
    let system = self::name(number / 20 * 20);
    let spec = match kind {
        "System" => String::new(),
        "API" => {
            format!("  type: openapi\n  lifecycle: production\n  system: {system}\n  definition: \"openapi: 3.1.0\"\n")
        }
        "Resource" => format!("  type: database\n  system: {system}\n"),
        _ => {
            let (api, resource) = (self::name(number / 20 * 20 + 1), self::name(number / 20 * 20 + 4));
            format!(
                "  type: service\n  lifecycle: production\n  system: {system}\n  consumesApis: [{api}]\n\
                 \x20 dependsOn: [\"resource:{resource}\"]\n"
            )
        }
    };
    head + &spec
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_name_is_there_once_and_every_document_is_valid() {
        assert_eq!((0..ENTITIES).map(name).collect::<HashSet<_>>().len(), ENTITIES);
        let file = files().swap_remove(3);
        let reading = integrations::files::read_embedded([(file.0, file.1.as_str())]);
        assert_eq!((reading.found.len(), reading.problems), (A_FILE, Vec::new()));
        assert_eq!(reading.found[7].document.reference.to_string(), reference(3 * A_FILE + 7));
    }
}
