//! Repositories and paths, as people write or copy them.

/// What words with a slash in them may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The words without what belongs to an address.
    pub(super) words: String,
    /// Each reading, the likeliest first: the repository, where one is named, and the path within it.
    pub(super) readings: Vec<(Option<String>, String)>,
}

/// Folders above which nobody looks.
const MAX_DEPTH: usize = 32;

/// Reads `owner/name`, `owner/name/path`, a path alone, or an address of GitHub.
pub(super) fn read(words: &str) -> Option<Place> {
    let bare = words.strip_prefix("https://").or_else(|| words.strip_prefix("http://"));
    let (address, words) = match bare.map(|it| it.split_once('/').unwrap_or((it, ""))) {
        Some((_, path)) => (true, path.split(['?', '#']).next().unwrap_or_default()),
        None => (false, words.trim_start_matches("./")),
    };
    let segments: Vec<&str> = words.split('/').filter(|it| !it.is_empty() && *it != ".").collect();
    if segments.is_empty() || segments.contains(&"..") {
        return None;
    }
    let (name, rest) = segments.split_at(segments.len().min(2));
    let rest = match rest {
        // In an address, `/blob/<branch>/` comes before the path.
        ["tree" | "blob" | "edit" | "raw" | "blame", _, path @ ..] if address => path,
        rest => rest,
    };
    let mut readings = Vec::new();
    if let [owner, repository] = name {
        let repository = repository.trim_end_matches(".git");
        readings.push((Some(format!("{owner}/{repository}").to_lowercase()), rest.join("/")));
    }
    if !address {
        readings.push((None, segments.join("/")));
    }
    let words = if address { [name, rest].concat().join("/") } else { segments.join("/") };
    Some(Place { words, readings })
}

/// The folders that contain a path, and itself, in case it is one; the whole repository only where it is known which.
pub(super) fn above(path: &str, whole: bool) -> Vec<String> {
    let ends = path.match_indices('/').map(|it| it.0).chain([path.len()]).take(MAX_DEPTH);
    let folders = ends.map(|end| format!("{}/", &path[..end]));
    whole.then(String::new).into_iter().chain(folders).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readings(words: &str) -> Vec<(Option<String>, String)> {
        read(words).map(|it| it.readings).unwrap_or_default()
    }

    #[test]
    fn a_repository_a_path_and_both_are_told_apart() {
        let repository = |it: &str| Some(it.to_string());
        assert_eq!(readings("Acme/Shop"), [(repository("acme/shop"), "".into()), (None, "Acme/Shop".into())]);
        let both = [(repository("acme/shop"), "api/src/main.rs".into()), (None, "acme/shop/api/src/main.rs".into())];
        assert_eq!(readings("acme/shop/api/src/main.rs"), both);
        assert_eq!(readings("./api/"), [(None, "api".into())]);
    }

    #[test]
    fn an_address_names_the_repository_and_hides_its_branch() {
        let place = read("https://github.com/acme/shop/blob/main/api/src/main.rs?plain=1#L3").expect("a place");
        assert_eq!(place.readings, [(Some("acme/shop".into()), "api/src/main.rs".into())]);
        assert_eq!(place.words, "acme/shop/api/src/main.rs");
        assert_eq!(readings("https://github.com/acme/shop.git"), [(Some("acme/shop".into()), "".into())]);
        assert_eq!(readings("/"), []);
        assert_eq!(readings("a/../../etc"), []);
    }

    #[test]
    fn every_folder_above_a_path_may_be_the_one() {
        assert_eq!(above("api/src/main.rs", true), ["", "api/", "api/src/", "api/src/main.rs/"]);
        assert_eq!(above("api", false), ["api/"]);
        assert_eq!(above(&"a/".repeat(500), false).len(), MAX_DEPTH);
    }
}
