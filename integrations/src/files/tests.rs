use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;

use proptest::prelude::*;
use tempfile::TempDir;

use super::{Config, Reading, read, read_embedded};

/// A folder with these files, and links from their names where a text begins with an arrow.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        match text.strip_prefix("-> ") {
            Some(to) => symlink(to, path).expect("a link"),
            None => fs::write(path, text).expect("a file"),
        }
    }
    dir
}

fn reading(dir: &Path, paths: &[&str]) -> Reading {
    read(&Config { paths: paths.iter().map(|it| (*it).to_owned()).collect(), ..Config::default() }, dir)
}

/// What a reading says, as a transcript.
fn told(reading: &Reading) -> String {
    let found =
        reading.found.iter().map(|it| format!("{} at {}:{}", it.document.reference, it.origin.file, it.origin.line));
    let problems = reading.problems.iter().map(|it| format!("! {it}"));
    let unsure = reading.unsure.iter().map(|it| format!("? {it}"));
    let end = (!reading.complete).then(|| "incomplete".to_owned());
    found.chain(problems).chain(unsure).chain(end).collect::<Vec<_>>().join("\n")
}

fn read_all(files: &[(&str, &str)], paths: &[&str]) -> String {
    let dir = folder(files);
    told(&reading(dir.path(), paths))
}

/// A small valid document.
fn domain(name: &str) -> String {
    format!("apiVersion: backstage.io/v1alpha1\nkind: Domain\nmetadata: {{name: {name}}}\nspec: {{owner: team}}\n")
}

fn location(spec: &str) -> String {
    format!("apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata: {{name: all}}\nspec:\n{spec}")
}

#[test]
fn a_folder_is_read_at_any_depth_without_hidden_and_other_files() {
    let files = [
        ("cat/b.yaml", &*domain("b")),
        ("cat/a/catalog-info.yaml", &domain("a")),
        ("cat/a/deep/er/x.yml", &domain("x")),
        ("cat/.git/c.yaml", "broken: ["),
        ("cat/.hidden.yaml", "broken: ["),
        ("cat/README.md", "# x"),
        ("other/d.yaml", &domain("d")),
    ];
    insta::assert_snapshot!(read_all(&files, &["cat"]), @r"
    domain:default/b at cat/b.yaml:1
    domain:default/a at cat/a/catalog-info.yaml:1
    domain:default/x at cat/a/deep/er/x.yml:1
    ");
    insta::assert_snapshot!(read_all(&files, &["./cat/**/catalog-info.yaml", "other/d.yaml"]), @r"
    domain:default/a at cat/a/catalog-info.yaml:1
    domain:default/d at other/d.yaml:1
    ");
}

#[test]
fn a_document_keeps_its_origin() {
    let dir = folder(&[("cat/a.yaml", &format!("# first\n---\n{}", domain("a")))]);
    let origin = reading(dir.path(), &["cat"]).found.remove(0).origin;
    assert_eq!((origin.location.as_str(), origin.file.as_str(), origin.line), ("file:cat/a.yaml", "cat/a.yaml", 3));
}

#[test]
fn a_broken_document_harms_no_other() {
    let file = format!(
        "{}---\nkind: [open\n---\n{}...\n---\nkind: Component\n\tapiVersion: x\n---\nname: 'never closed\n---\n{}---\n~\n---\n# empty\n",
        domain("a"),
        domain("b"),
        domain("c")
    );
    insta::assert_snapshot!(read_all(&[("x.yaml", &file)], &["."]), @r"
    domain:default/a at x.yaml:1
    domain:default/b at x.yaml:8
    domain:default/c at x.yaml:19
    ! x.yaml:6: is not valid YAML: unclosed bracket '['
    ! x.yaml:14: is not valid YAML: while scanning a plain scalar, found a tab
    ! x.yaml:17: is not valid YAML: unclosed quote
    ? file:x.yaml
    ");
}

#[test]
fn every_fault_has_its_own_line() {
    let file = "# a component\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: a b\n  \
                annotations:\n    pagerduty.com/service-id: 12345\nspec:\n  type: service\n  dependsOn:\n    - \
                component:a\n    - b\nextra: 1\n";
    let file = format!("{}---\n{file}", domain("x"));
    insta::assert_snapshot!(read_all(&[("x.yaml", &file)], &["x.yaml"]), @r#"
    domain:default/x at x.yaml:1
    ! x.yaml:18: extra is not a key of a document; the keys are apiVersion, kind, metadata and spec
    ! x.yaml:10: metadata.name is "a b", but a name is up to 63 letters, digits, '-', '_' and '.', and begins and ends with a letter or digit
    ! x.yaml:12: metadata.annotations.pagerduty.com/service-id must be text, not a number: put it in quotes
    ! x.yaml:13: spec.lifecycle is missing
    ! x.yaml:13: spec.owner is missing
    ! x.yaml:17: spec.dependsOn[1] is "b", not an entity reference: it needs a kind, as in component:name
    ? file:x.yaml
    "#);
}

#[test]
fn bytes_that_are_not_text_are_told_with_their_line() {
    let dir = folder(&[("a.yaml", &domain("a"))]);
    let mut bytes = domain("b").into_bytes();
    bytes.extend(b"---\nkind: \xff\n---\n");
    bytes.extend(domain("c").bytes());
    fs::write(dir.path().join("b.yaml"), bytes).expect("a file");
    fs::write(dir.path().join("c.yaml"), b"\xff\xfek\0i\0n\0d\0:\0").expect("a file");
    insta::assert_snapshot!(told(&reading(dir.path(), &["."])), @r"
    domain:default/a at a.yaml:1
    domain:default/b at b.yaml:1
    domain:default/c at b.yaml:8
    ! b.yaml:6: is not UTF-8 text
    ! c.yaml:1: is not UTF-8 text
    ? file:b.yaml
    ? file:c.yaml
    ");
}

#[test]
fn the_first_of_two_documents_of_a_name_wins() {
    let files = [("a.yaml", &*format!("{}---\n{}", domain("x"), domain("X"))), ("b.yaml", &domain("x"))];
    insta::assert_snapshot!(read_all(&files, &["."]), @r"
    domain:default/x at a.yaml:1
    ! a.yaml:6: domain:default/x is already described at a.yaml:1; this one is ignored
    ! b.yaml:1: domain:default/x is already described at a.yaml:1; this one is ignored
    ");
}

#[test]
fn a_file_reached_twice_is_read_once() {
    let files = [("a/x.yaml", &*domain("x")), ("a/y.yaml", "-> x.yaml"), ("a/again", "-> ."), ("b", "-> a")];
    insta::assert_snapshot!(read_all(&files, &["a", "a/x.yaml", "a/*.yaml", "b", "."]), @"domain:default/x at a/x.yaml:1");
}

#[test]
fn locations_are_followed_from_their_own_folder_even_in_circles() {
    let files = [
        ("cat/all.yaml", &*location("  target: ./teams/*.yaml\n  targets: [./a/info.yaml, 'file:./b/**/*.yml']\n")),
        (
            "cat/a/info.yaml",
            &format!("{}---\n{}", domain("a"), location("  targets: [../all.yaml]\n").replace("all}", "back}")),
        ),
        ("cat/b/c/d.yml", &domain("d")),
        ("cat/b/c/e.yaml", &domain("e")),
        ("cat/teams/t.yaml", &domain("t")),
    ];
    insta::assert_snapshot!(read_all(&files, &["cat/all.yaml"]), @r"
    location:default/all at cat/all.yaml:1
    domain:default/a at cat/a/info.yaml:1
    location:default/back at cat/a/info.yaml:6
    domain:default/d at cat/b/c/d.yml:1
    domain:default/t at cat/teams/t.yaml:1
    ");
}

#[test]
fn targets_that_lead_nowhere_are_told() {
    let files = [
        (
            "cat/all.yaml",
            &*location(
                "  targets:\n    - ./gone.yaml\n    - ./gone/*.yaml\n    - https://a.example/x.yaml\n    - ./sub\n    - ./*/../x.yaml\n",
            ),
        ),
        (
            "cat/maybe.yaml",
            &location("  presence: optional\n  targets: [./gone.yaml, './gone/*.yaml']\n").replace("all}", "maybe}"),
        ),
        ("cat/url.yaml", &location("  type: url\n  target: x.yaml\n").replace("all}", "url}")),
        ("cat/sub/x.yaml", &domain("x")),
    ];
    insta::assert_snapshot!(read_all(&files, &["cat/*.yaml"]), @r#"
    location:default/all at cat/all.yaml:1
    location:default/maybe at cat/maybe.yaml:1
    location:default/url at cat/url.yaml:1
    ! cat/all.yaml:6: spec.targets[0] names "./gone.yaml", which matches no file
    ! cat/all.yaml:7: spec.targets[1] names "./gone/*.yaml", which matches no file
    ! cat/all.yaml:8: spec.targets[2] names "https://a.example/x.yaml", which is not a file: only targets that are files are read
    ! cat/all.yaml:9: spec.targets[3] names "./sub", which cannot be read: it is a folder; name its files, as in folder/*.yaml
    ! cat/all.yaml:10: spec.targets[4] names "./*/../x.yaml", which has '..' after a wildcard
    ! cat/url.yaml:6: spec.target names "x.yaml", which is not a file: only targets that are files are read
    incomplete
    "#);
}

#[test]
fn nothing_outside_of_the_configured_folders_is_read() {
    let files = [
        (
            "cat/all.yaml",
            &*location(
                "  targets: [../secret.yaml, ./in/../../secret.yaml, /etc/hosts, '../*.yaml', './out/*.yaml']\n",
            ),
        ),
        ("cat/link.yaml", "-> ../secret.yaml"),
        ("cat/out", "-> .."),
        ("secret.yaml", &domain("secret")),
    ];
    insta::assert_snapshot!(read_all(&files, &["cat"]), @r#"
    location:default/all at cat/all.yaml:1
    ! cat/out: leads out of the configured folders
    ! cat/all.yaml:5: spec.targets[0] names "../secret.yaml", which leads out of the configured folders
    ! cat/all.yaml:5: spec.targets[1] names "./in/../../secret.yaml", which leads out of the configured folders
    ! cat/all.yaml:5: spec.targets[2] names "/etc/hosts", which leads out of the configured folders
    ! cat/all.yaml:5: spec.targets[3] names "../*.yaml", which leads out of the configured folders
    ! cat/all.yaml:5: spec.targets[4] names "./out/*.yaml", which leads out of the configured folders
    ! cat/link.yaml: leads out of the configured folders
    ? file:cat/link.yaml
    ? file:cat/out
    "#);
}

#[test]
fn a_configured_file_may_be_a_link() {
    let files = [("cat/c.yaml", "-> ../data/real.yaml"), ("data/real.yaml", &*domain("x"))];
    insta::assert_snapshot!(read_all(&files, &["cat/c.yaml"]), @"domain:default/x at cat/c.yaml:1");
}

#[test]
fn what_cannot_be_seen_makes_a_reading_incomplete() {
    insta::assert_snapshot!(read_all(&[("empty/x.txt", "")], &["gone", "empty", "gone/*.yaml", "gone.yaml", "a[.yaml"]), @r"
    ! empty: holds or matches no YAML file
    ! gone: does not exist
    ! a[.yaml: is not a valid pattern: invalid range pattern
    ! gone.yaml: does not exist
    ? file:a[.yaml
    ? file:empty
    ? file:gone
    ? file:gone.yaml
    incomplete
    ");
    insta::assert_snapshot!(read_all(&[("c/loop.yaml", "-> loop.yaml"), ("c.yaml", "-> gone")], &["c", "c.yaml"]), @r"
    ! c.yaml: does not exist
    ! c/loop.yaml: cannot be read: Too many levels of symbolic links (os error 40)
    ? file:c.yaml
    ? file:c/loop.yaml
    incomplete
    ");
    assert_eq!(read_all(&[], &[]), "incomplete");
}

#[test]
fn a_link_that_leads_nowhere_is_told_and_hides_nothing() {
    let files = [
        ("c/a.yaml", &*domain("a")),
        ("c/dangling.yaml", "-> gone"),
        ("c/all.yaml", &*location("  target: ./*.yaml\n")),
    ];
    insta::assert_snapshot!(read_all(&files, &["c"]), @r"
    domain:default/a at c/a.yaml:1
    location:default/all at c/all.yaml:1
    ! c/dangling.yaml: is a link that leads nowhere: mend or remove it
    ");
    // A Location that names a file misses it, like one that is not there.
    let named = [("c/all.yaml", &*location("  target: ./dangling.yaml\n")), ("c/dangling.yaml", "-> gone")];
    insta::assert_snapshot!(read_all(&named, &["c/all.yaml"]), @r#"
    location:default/all at c/all.yaml:1
    ! c/all.yaml:5: spec.target names "./dangling.yaml", which matches no file
    incomplete
    "#);
}

#[test]
fn a_broken_location_makes_a_reading_incomplete() {
    let broken = location("  targets: [\n");
    let faulty = location("  targets: x\n");
    assert!(read_all(&[("x.yaml", &broken)], &["."]).ends_with("\nincomplete"));
    assert!(read_all(&[("x.yaml", &faulty)], &["."]).ends_with("\nincomplete"));
}

#[test]
fn an_absent_entity_is_gone_only_when_its_place_was_understood() {
    let dir = folder(&[("good.yaml", &domain("a")), ("bad.yaml", "kind: [")]);
    let reading = reading(dir.path(), &["."]);
    assert!(reading.is_gone("file:good.yaml") && reading.is_gone("file:deleted.yaml"));
    assert!(!reading.is_gone("file:bad.yaml"));
    assert!(!Reading { complete: false, ..reading }.is_gone("file:good.yaml"));
}

#[test]
fn files_that_are_too_much_are_refused() {
    let dir = folder(&[("good.yaml", &domain("a"))]);
    fs::write(dir.path().join("big.yaml"), "#".repeat(5 * 1024 * 1024)).expect("a file");
    fs::write(dir.path().join("many.yaml"), "a\n---\n".repeat(20_000)).expect("a file");
    fs::create_dir(dir.path().join("folder.yaml")).expect("a folder");
    let reading = reading(dir.path(), &["."]);
    assert_eq!(reading.problems.len(), 102);
    let reasons: Vec<_> = [0, 1, 2, 101].iter().map(|it| reading.problems[*it].to_string()).collect();
    insta::assert_snapshot!(reasons.join("\n"), @r"
    big.yaml: is larger than 4 MiB
    many.yaml: has more than 10000 documents; only those are read
    many.yaml:1: a document must be a mapping with apiVersion, kind, metadata and spec, not text
    many.yaml: has 9901 more problems
    ");
    assert_eq!(reading.found.len(), 1);
}

#[test]
fn only_regular_files_are_opened() {
    let dir = folder(&[]);
    let _listener = UnixListener::bind(dir.path().join("x.yaml")).expect("a socket");
    insta::assert_snapshot!(told(&reading(dir.path(), &["."])), @r"
    ! x.yaml: is not a regular file
    ? file:x.yaml
    ");
}

#[test]
fn embedded_files_are_read_alike() {
    let all = location("  targets: [./x.yaml]\n");
    let x = format!("{}---\nkind: [\n", domain("x"));
    insta::assert_snapshot!(told(&read_embedded([("demo/all.yaml", all.as_str()), ("demo/x.yaml", &x)])), @r"
    location:default/all at demo/all.yaml:1
    domain:default/x at demo/x.yaml:1
    ! demo/x.yaml:6: is not valid YAML: unclosed bracket '['
    ? file:demo/x.yaml
    ");
}

proptest! {
    #[test]
    fn any_text_is_read_or_told(text in any::<String>(), kind in "Component|Location|Group", rest in "[ -~\n]{0,80}") {
        let file = format!("apiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata: {{name: a}}\nspec: {rest}\n---\n{text}\n---\n{}", domain("last"));
        let reading = read_embedded([("x.yaml", file.as_str())]);
        let last = reading.found.iter().any(|it| it.document.reference.name() == "last");
        prop_assert!(last, "{reading:?}");
    }
}
