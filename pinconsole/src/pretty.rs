//! Bytes of strangers, laid out for a terminal: nothing in them moves its cursor, changes its colours or turns its text around.

use std::fmt::Write;

/// A body as text. JSON gets a line for each value, and is otherwise shown as it was written, to the last digit.
pub fn body(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    match text.trim_start().starts_with(['{', '[']) {
        true => laid_out(&text),
        false => harmless(&text),
    }
}

fn laid_out(text: &str) -> String {
    let (mut out, mut depth, mut quoted, mut escaped) = (String::with_capacity(text.len() * 2), 0_usize, false, false);
    for it in text.chars() {
        if quoted {
            (quoted, escaped) = (it != '"' || escaped, it == '\\' && !escaped);
            show(it, &mut out);
            continue;
        }
        match it {
            ' ' | '\n' | '\r' | '\t' => {}
            '{' | '[' => {
                depth += 1;
                out.push(it);
                line(depth, &mut out);
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                close(depth, &mut out);
                out.push(it);
            }
            ',' => {
                out.push(it);
                line(depth, &mut out);
            }
            ':' => out.push_str(": "),
            _ => {
                quoted = it == '"';
                show(it, &mut out);
            }
        }
    }
    out
}

/// Deeper than this nothing moves further to the right.
const MAX_INDENT: usize = 32;

fn line(depth: usize, out: &mut String) {
    out.push('\n');
    out.push_str(&"  ".repeat(depth.min(MAX_INDENT)));
}

/// A new line, unless nothing is inside.
fn close(depth: usize, out: &mut String) {
    let length = out.trim_end().len();
    match out[..length].ends_with(['{', '[']) {
        true => out.truncate(length),
        false => line(depth, out),
    }
}

fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|it| if it == '\n' { out.push(it) } else { show(it, &mut out) });
    out
}

fn show(it: char, out: &mut String) {
    if it.is_control() || turns(it) {
        let _ = write!(out, "\\u{{{:x}}}", u32::from(it));
    } else {
        out.push(it);
    }
}

/// Characters that change the direction of text, or cannot be seen. <https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing>
fn turns(it: char) -> bool {
    matches!(it, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}'
        | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_gets_lines_and_keeps_its_letters() {
        let text = body(br#"{"a":[1.10,{}, []],"b":"x, {y}: \"\\","c":1e400}"#);
        let lines = [
            "{",
            "  \"a\": [",
            "    1.10,",
            "    {},",
            "    []",
            "  ],",
            "  \"b\": \"x, {y}: \\\"\\\\\",",
            "  \"c\": 1e400",
            "}",
        ];
        assert_eq!(text, lines.join("\n"));
    }

    #[test]
    fn nothing_reaches_the_terminal_but_text() {
        let hostile = "{\"a\":\"\u{1b}[2J\u{9b}31m\u{202e}\u{7f}\r\u{0}ä\"}";
        assert_eq!(body(hostile.as_bytes()), "{\n  \"a\": \"\\u{1b}[2J\\u{9b}31m\\u{202e}\\u{7f}\\u{d}\\u{0}ä\"\n}");
        assert_eq!(body(b"payload=%1b\x1b[2J\n\xff"), "payload=%1b\\u{1b}[2J\n\u{fffd}");
        assert!(body("[".repeat(10_000).as_bytes()).len() < 1_000_000, "depth does not cost its square");
        assert!(!body("]".repeat(10).as_bytes()).contains('\u{1b}'));
    }
}
