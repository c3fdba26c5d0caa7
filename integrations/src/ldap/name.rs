use unicode_normalization::UnicodeNormalization;

/// <https://backstage.io/docs/features/software-catalog/descriptor-format/#name-required>
const MAX_NAME: usize = 63;

/// The entity name for a name of the directory: accents are dropped, whatever is not allowed becomes a dash. `None`
/// when nothing is left.
pub(super) fn entity_name(text: &str) -> Option<String> {
    if text.bytes().all(|it| is_allowed(it.into())) {
        return trimmed(text);
    }
    let mut name = String::new();
    for letter in text.nfkd().filter(|it| !unicode_normalization::char::is_combining_mark(*it)) {
        match letter {
            letter if is_allowed(letter) => name.push(letter),
            _ if !plain(letter).is_empty() => name.push_str(plain(letter)),
            _ if name.ends_with('-') => (),
            _ => name.push('-'),
        }
    }
    trimmed(&name)
}

fn is_allowed(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '-')
}

fn trimmed(name: &str) -> Option<String> {
    let outer = |it: char| !it.is_ascii_alphanumeric();
    let name = name.trim_matches(outer);
    let cut = name[..name.len().min(MAX_NAME)].trim_end_matches(outer);
    (!cut.is_empty()).then(|| cut.to_owned())
}

/// The plain form of Latin letters that no normalisation takes apart; empty for others.
fn plain(letter: char) -> &'static str {
    match letter {
        'ł' | 'Ł' => "l",
        'ø' | 'Ø' => "o",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'ħ' | 'Ħ' => "h",
        'ı' => "i",
        'ß' | 'ẞ' => "ss",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'þ' | 'Þ' => "th",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_allowed_stays() {
        assert_eq!(entity_name("ada.lovelace_2-x").as_deref(), Some("ada.lovelace_2-x"));
        assert_eq!(entity_name("Domain Users").as_deref(), Some("Domain-Users"));
        assert_eq!(entity_name("José (Lisboa)").as_deref(), Some("Jose-Lisboa"));
        assert_eq!(entity_name("Łukasz Ångström-Sørensen").as_deref(), Some("lukasz-Angstrom-Sorensen"));
        assert_eq!(entity_name("a,b+\"\\").as_deref(), Some("a-b"));
        assert_eq!(entity_name("支払い"), None);
    }

    proptest! {
        #[test]
        fn any_text_gives_a_valid_name_or_none(text in any::<String>()) {
            if let Some(name) = entity_name(&text) {
                prop_assert!((1..=MAX_NAME).contains(&name.len()));
                prop_assert!(name.bytes().all(|it| it.is_ascii_alphanumeric() || b"-_.".contains(&it)));
                prop_assert!(name.starts_with(|it: char| it.is_ascii_alphanumeric()));
                prop_assert!(name.ends_with(|it: char| it.is_ascii_alphanumeric()));
                prop_assert_eq!(entity_name(&name), Some(name));
            }
        }
    }
}
