//! Words can be read on whatever they stand on, in both colour schemes.
//! <https://www.w3.org/TR/WCAG22/#contrast-minimum>

use std::collections::HashMap;

use crate::style::SHEET;

/// Colours of words, each with what they stand on.
const WORDS: &[(&str, &[&str])] = &[
    ("text", &["canvas", "surface", "field", "hover"]),
    ("soft", &["canvas", "surface", "hover"]),
    ("subtle", &["canvas", "surface", "field"]),
    ("link", &["canvas", "surface"]),
    ("link-hover", &["canvas", "surface"]),
    ("pill-text", &["pill", "pill-hover"]),
    ("text", &["pill"]),
    ("here-text", &["here"]),
    ("brand-text", &["brand", "brand-hover"]),
    ("mark-text", &["mark"]),
    ("good-text", &["good"]),
    ("warn-text", &["warn"]),
    ("bad-text", &["bad"]),
];

/// Edges of what can be used, and of what has the focus.
/// <https://www.w3.org/TR/WCAG22/#non-text-contrast>
const EDGES: &[(&str, &[&str])] = &[("edge", &["surface", "canvas"]), ("focus", &["surface", "canvas", "field"])];

#[test]
fn words_stand_out_in_both_schemes() {
    for (scheme, colours) in schemes() {
        for (pairs, least) in [(WORDS, 4.5), (EDGES, 3.0)] {
            for (front, backs) in pairs {
                for back in *backs {
                    let ratio = contrast(colours[*front], colours[*back]);
                    assert!(ratio >= least, "{scheme}: {front} on {back} has only {ratio:.2}");
                }
            }
        }
    }
}

#[test]
fn every_colour_is_named_once() {
    let (_, rules) = SHEET.rsplit_once("*, *::before").unwrap();
    assert!(!rules.contains(": #") && !rules.contains("rgb("), "a colour beside the named ones");
    for name in rules.split("var(--").skip(1).filter_map(|it| it.split(')').next()) {
        assert!(SHEET.contains(&format!("--{name}: ")), "--{name} is used and has no value");
    }
}

fn schemes() -> [(&'static str, HashMap<&'static str, &'static str>); 2] {
    let (light, rest) = SHEET.split_once("prefers-color-scheme: dark").unwrap();
    let (dark, _) = rest.split_once("*, *::before").unwrap();
    let light = named(light);
    // What the dark scheme does not name stays as it was.
    let dark = light.clone().into_iter().chain(named(dark)).collect();
    [("light", light), ("dark", dark)]
}

fn named(css: &'static str) -> HashMap<&'static str, &'static str> {
    let lines = css.lines().filter_map(|it| it.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": #"));
    lines.collect()
}

fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// <https://www.w3.org/TR/WCAG22/#dfn-relative-luminance>
fn luminance(hex: &str) -> f64 {
    let channel = |at: usize| {
        let it = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        if it <= 0.04045 { it / 12.92 } else { ((it + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

#[test]
fn contrast_is_computed_as_the_standard_does() {
    assert!((contrast("000000", "ffffff") - 21.0).abs() < 1e-9);
    assert!((contrast("777777", "ffffff") - 4.478).abs() < 1e-3);
}
