//! What may be among the packages that the lock file names: one TLS provider, and nothing older than the corrections of
//! flaws that became known.

use super::none;
use super::repository::read;

/// TLS and cryptography that must not enter: *ring* does it all.
const ABSENT: [(&str, &str); 8] = [
    ("aws-lc-rs", "*ring* is the one TLS provider"),
    ("aws-lc-sys", "*ring* is the one TLS provider"),
    ("openssl", "*ring* is the one TLS provider"),
    ("openssl-sys", "*ring* is the one TLS provider"),
    ("native-tls", "*ring* is the one TLS provider"),
    ("rustls-rustcrypto", "*ring* is the one TLS provider"),
    ("boring-sys", "*ring* is the one TLS provider"),
    ("rsa", "its decryption can be timed, https://rustsec.org/advisories/RUSTSEC-2023-0071"),
];

/// Of these there must be exactly one version: two would each speak TLS in a way of their own.
const SINGLE: [&str; 3] = ["rustls", "reqwest", "rustls-webpki"];

/// The first version without the flaws that <https://rustsec.org> lists.
const MINIMUMS: [(&str, [u64; 3]); 7] = [
    ("bytes", [1, 11, 1]),
    ("h2", [0, 4, 16]),
    ("rustls-webpki", [0, 103, 13]),
    ("sqlx", [0, 8, 1]),
    ("time", [0, 3, 47]),
    ("tracing-subscriber", [0, 3, 20]),
    ("tungstenite", [0, 20, 1]),
];

#[test]
fn the_lock_file_has_nothing_that_must_not_be_there() {
    let packages = packages(&read("Cargo.lock"));
    assert!(packages.len() > 100, "only {} packages were read", packages.len());
    none(broken(&packages));
}

#[test]
fn what_must_not_be_there_is_found() {
    let lock = |packages: &[(&str, &str)]| {
        let all = [("rustls", "0.23.46"), ("reqwest", "0.13.5"), ("rustls-webpki", "0.103.17")];
        let text = all
            .iter()
            .chain(packages)
            .map(|(name, version)| format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n"));
        broken(&self::packages(&text.collect::<String>()))
    };
    none(lock(&[("bytes", "1.11.1"), ("h2", "0.5.0")]));
    assert_eq!(lock(&[("openssl-sys", "0.9.1")]).len(), 1);
    assert_eq!(lock(&[("rustls", "0.22.4")]).len(), 1);
    assert_eq!(lock(&[("bytes", "1.11.0"), ("time", "0.3.9")]).len(), 2);
}

fn packages(lock: &str) -> Vec<(String, String)> {
    let lock: toml::Table = lock.parse().expect("cargo writes TOML");
    let packages = lock["package"].as_array().expect("a list");
    let text = |it: &toml::Value, key: &str| it[key].as_str().expect("text").to_string();
    packages.iter().map(|it| (text(it, "name"), text(it, "version"))).collect()
}

fn broken(packages: &[(String, String)]) -> Vec<String> {
    let versions = |name: &str| packages.iter().filter(|it| it.0 == name).map(|it| it.1.clone()).collect::<Vec<_>>();
    let present = ABSENT.iter().filter(|(name, _)| !versions(name).is_empty());
    let present = present.map(|(name, why)| format!("{name} is there: {why}"));
    let several = SINGLE.iter().map(|it| (it, versions(it))).filter(|(_, versions)| versions.len() != 1);
    let several = several.map(|(name, versions)| format!("one {name} is expected, there is {versions:?}"));
    let old = MINIMUMS.iter().flat_map(|(name, minimum)| {
        versions(name).into_iter().filter(|it| numbers(it) < *minimum).map(move |it| format!("{name} {it} is too old"))
    });
    present.chain(several).chain(old).collect()
}

fn numbers(version: &str) -> [u64; 3] {
    let release = version.split(['-', '+']).next().unwrap_or_default();
    let mut parts = release.split('.').map(|it| it.parse().expect("a number"));
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}
