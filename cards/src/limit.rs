//! Making data harmless to show and short enough, before or while a renderer escapes it.

use unicode_segmentation::UnicodeSegmentation;

/// What stands where something was left out.
pub(crate) const ELLIPSIS: char = '…';

/// Words that fitted, and whether they are all of them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fitted {
    pub(crate) text: String,
    pub(crate) whole: bool,
}

/// As many graphemes as fit into `max` units once escaped, with an ellipsis at the end where some did not.
///
/// The limit holds after escaping, and neither a grapheme nor its escaped form is ever cut in two. `escape` looks at each
/// character alone, so that of the whole is that of its parts.
pub(crate) fn fit(words: &str, max: usize, mut escape: impl FnMut(&str, &mut String)) -> Fitted {
    let mut text = String::new();
    // Most words fit, and then nobody needs to know where their graphemes end.
    if words.len() <= max {
        escape(words, &mut text);
        if units(&text) <= max {
            return Fitted { text, whole: true };
        }
        text.clear();
    }
    let (mut used, mut cut) = (0, 0);
    for grapheme in words.graphemes(true) {
        let before = text.len();
        escape(grapheme, &mut text);
        used += units(&text[before..]);
        if used > max {
            text.truncate(cut);
            text.extend((max > 0).then_some(ELLIPSIS));
            return Fitted { text, whole: false };
        }
        if used < max {
            cut = text.len();
        }
    }
    Fitted { text, whole: true }
}

/// The escaping of places that have no markup.
pub(crate) fn raw(grapheme: &str, out: &mut String) {
    out.push_str(grapheme);
}

/// Length in UTF-16 units. Vendors don't say what a character is to them; no count in use is stricter for text.
pub(crate) fn units(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
}

/// Words without the characters that act on a screen instead of being read; line breaks stay.
pub(crate) fn clean(words: &str) -> String {
    if is_plain(words) {
        return words.into();
    }
    words
        .replace("\r\n", "\n")
        .chars()
        .filter_map(|it| match it {
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
            '\t' => Some(' '),
            _ if it.is_control() || reorders(it) => None,
            _ => Some(it),
        })
        .collect()
}

/// The same as [`clean`] on a single line, without space at its ends.
pub(crate) fn line(words: &str) -> String {
    if is_plain(words) {
        return words.trim().into();
    }
    clean(words).replace('\n', " ").trim().to_string()
}

/// Whether words are as harmless as most are, so that nothing need be looked for in them.
fn is_plain(words: &str) -> bool {
    words.bytes().all(|it| it.is_ascii_graphic() || it == b' ')
}

/// Whether a character changes the direction or grouping of text around it: an embedding, override, isolate or
/// annotation may leave its field and reorder what stands beside it.
/// <https://www.unicode.org/reports/tr9/#Explicit_Directional_Embeddings>
fn reorders(it: char) -> bool {
    matches!(it, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amp(grapheme: &str, out: &mut String) {
        out.push_str(&grapheme.replace('&', "&amp;"));
    }

    #[test]
    fn cuts_after_escaping_and_never_inside_an_entity() {
        let cut = |max| fit("a&&b", max, amp).text;
        assert_eq!(cut(12), "a&amp;&amp;b");
        assert_eq!(cut(11), "a&amp;…");
        assert_eq!(cut(6), "a…");
        assert_eq!(cut(1), "…");
        assert_eq!(cut(0), "");
    }

    #[test]
    fn keeps_graphemes_whole() {
        let family = "👨‍👩‍👧";
        assert_eq!(fit(&format!("a{family}b"), 9, raw).text, "a…");
        assert_eq!(fit(&format!("a{family}b"), 10, raw).text, format!("a{family}b"));
        assert_eq!(fit(&format!("e{}", "\u{301}".repeat(500)), 10, raw).text, "…");
    }

    #[test]
    fn drops_control_characters_and_overrides() {
        assert_eq!(clean("a\u{1b}[31m\u{0}\u{202e}b\r\nc\td\u{2067}\u{9b}e"), "a[31mb\nc de");
        assert_eq!(line(" a\n\u{2028}b "), "a  b");
    }
}
