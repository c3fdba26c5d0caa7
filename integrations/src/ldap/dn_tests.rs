use proptest::prelude::*;

use super::*;

#[track_caller]
fn same(left: &str, right: &str) {
    let parsed = Dn::parse(left);
    assert!(parsed.is_some(), "{left}");
    assert_eq!(parsed, Dn::parse(right), "{left} and {right}");
}

#[test]
fn case_spaces_and_order_within_a_part_do_not_matter() {
    same("CN=Ada Lovelace,OU=People,DC=example", "cn=ada  lovelace , ou = people,dc=EXAMPLE");
    same("cn=a+uid=b,dc=x", "UID=b + CN=a,dc=x");
    same("2.5.4.3=Ada,oid.2.5.4.11=x", "commonName=ada;OU=X");
    same("cn=ÄRGER,dc=x", "cn=ärger,dc=x");
    same("cn=Ａｄａ", "cn=ada");
}

#[test]
fn every_way_of_escaping_is_the_same_name() {
    same(r"cn=a\2Cb\2B\22\5C,dc=x", r#"cn=a\,b\+\"\\,dc=x"#);
    same(r"cn=a\2Cb,dc=x", r#"cn="a,b",dc=x"#);
    same(r"cn=Lu\C4\8Di\C4\87", "cn=Lučić");
    same("cn=#04024869,dc=x", "cn=hi,dc=x");
    same(r"cn=trailing\20,dc=x", r"cn=trailing\ ,dc=x");
    same(r"cn=trailing\ ,dc=x", "cn=trailing,dc=x");
}

#[test]
fn different_names_differ() {
    assert_ne!(Dn::parse("cn=a,cn=b"), Dn::parse(r"cn=a\,cn=b"));
    assert_ne!(Dn::parse("cn=a+cn=b"), Dn::parse("cn=a,cn=b"));
    assert_ne!(Dn::parse("cn=jose"), Dn::parse("cn=josé"));
    assert_ne!(Dn::parse("cn=#30"), Dn::parse(r"cn=\#30"));
    assert_ne!(Dn::parse(r"cn=\FF"), Dn::parse("cn=ff"));
    assert_ne!(Dn::parse(r"cn=a\+cn=b"), Dn::parse("cn=a+cn=b"));
    assert_ne!(Dn::parse(r"cn=a\\,cn=b"), Dn::parse(r"cn=a\,cn=b"));
}

#[test]
fn what_is_no_name_is_refused() {
    for text in [
        "ada",
        "=ada",
        "cn=a,",
        "cn=a,,dc=x",
        "cn=a,b",
        r"cn=a\",
        r"cn=a\z",
        "c n=a",
        "cn=a+",
        "cn=\"a",
        "cn=#0",
        "cn=#zz",
    ] {
        assert_eq!(Dn::parse(text), None, "{text}");
    }
    assert!(Dn::parse("").is_some_and(|it| it.is_empty()));
    assert!(Dn::parse("cn=").is_some());
}

#[test]
fn depth_counts_levels_below_the_base() {
    let depth = |dn: &str, base: &str| Dn::parse(dn)?.depth_below(&Dn::parse(base)?);
    assert_eq!(depth("uid=a,OU=People,dc=x", "ou=people,dc=x"), Some(1));
    assert_eq!(depth("ou=people,dc=x", "ou=people,dc=x"), Some(0));
    assert_eq!(depth("ou=people,dc=x", "uid=a,ou=people,dc=x"), None);
    assert_eq!(depth(r"cn=a\,ou=people,dc=x", "ou=people,dc=x"), None);
    assert_eq!(depth(r"cn=a\\,ou=people,dc=x", "ou=people,dc=x"), Some(1));
    assert_eq!(depth("dc=x", ""), Some(1));
}

#[test]
fn own_value_is_as_written() {
    assert_eq!(own_value(r"cn=Pay\2C Ments+ou=x,dc=x", "CN").as_deref(), Some("Pay, Ments"));
    assert_eq!(own_value("cn=a,ou=x", "ou"), None);
}

/// Any value, written with every character escaped.
fn hexed(value: &str) -> String {
    value.bytes().map(|it| format!("\\{it:02X}")).collect()
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in any::<String>()) {
        let _ = Dn::parse(&text);
        let _ = own_value(&text, "cn");
    }

    #[test]
    fn any_text_of_separators_is_read_without_panic(text in "[a=,+;\\\\\"# 0é]{0,24}") {
        let _ = Dn::parse(&text);
    }

    #[test]
    fn the_short_way_reads_what_the_long_way_reads(text in "((uid|CN|ou|x|street)(=|= )[aB1.@ ]{0,3}[,+;]?){0,4}") {
        prop_assert_eq!(Dn::parse(&text), Dn::parse_any(&text));
    }

    #[test]
    fn any_value_survives_escaping(value in "\\PC{1,20}") {
        let own = own_value(&format!("cn={},dc=x", hexed(&value)), "cn");
        prop_assert_eq!(own.as_deref(), Some(value.as_str()));
        let crate_way = format!("cn={},dc=x", ldap3::dn_escape(value.as_str()));
        prop_assert_eq!(Dn::parse(&crate_way), Dn::parse(&format!("CN={} , DC=X", hexed(&value))));
    }

    #[test]
    fn escaping_keeps_distinct_values_apart(left in "[a-c,+\\\\\"#=]{1,6}", right in "[a-c,+\\\\\"#=]{1,6}") {
        let dn = |it: &str| Dn::parse(&format!("cn={},dc=x", hexed(it)));
        prop_assert_eq!(dn(&left) == dn(&right), left == right);
    }
}
