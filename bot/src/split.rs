/// Splits what was typed into words; double quotes, straight or curly, hold words together, and one left open holds
/// nothing.
pub(crate) fn split(text: &str) -> Vec<String> {
    let plain: String = text.chars().map(plain).collect();
    let closed = plain.matches('"').count().is_multiple_of(2);
    let mut words = Vec::new();
    for (index, part) in plain.split('"').enumerate() {
        if closed && index % 2 == 1 {
            words.push(part.trim().to_string());
        } else {
            words.extend(part.split_whitespace().map(String::from));
        }
    }
    words.retain(|it| !it.is_empty());
    words
}

/// Control characters and marks that turn the direction of writing are no part of any command.
fn plain(it: char) -> char {
    match it {
        '“' | '”' | '„' => '"',
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => ' ',
        it if it.is_control() => ' ',
        it => it,
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn quotes_hold_words_together() {
        assert_eq!(split(r#"team "data platform" --page 2"#), ["team", "data platform", "--page", "2"]);
        assert_eq!(split("team “data platform”"), ["team", "data platform"]);
    }

    #[test]
    fn a_quote_left_open_holds_nothing() {
        assert_eq!(split("person o'brien \"x y"), ["person", "o'brien", "x", "y"]);
    }

    #[test]
    fn controls_and_direction_marks_are_spaces() {
        assert_eq!(split("catalog\u{0}pay\u{202e}ments\n"), ["catalog", "pay", "ments"]);
    }
}
