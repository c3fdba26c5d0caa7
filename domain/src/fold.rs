use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The form in which texts are compared: lower case, without accents, compatibility forms made plain, spaces collapsed.
pub fn fold(text: &str) -> String {
    let plain: String = text.nfkd().filter(|it| !is_combining_mark(*it)).flat_map(char::to_lowercase).collect();
    let words: Vec<&str> =
        plain.split(|it: char| it.is_whitespace() || it.is_control()).filter(|it| !it.is_empty()).collect();
    words.join(" ").replace('ß', "ss")
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn case_accents_and_width_do_not_matter() {
        assert_eq!(fold("  José\tÁLVAREZ "), "jose alvarez");
        assert_eq!(fold("Straße ＡＰＩ"), "strasse api");
        assert_eq!(fold("山田 太郎"), "山田 太郎");
        assert_eq!(fold("a\u{0}b"), "a b");
    }
}
