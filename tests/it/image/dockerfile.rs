use std::path::Path;

/// The last stage of a Dockerfile: instructions with their arguments.
pub(super) struct Dockerfile(Vec<(String, String)>);

impl Dockerfile {
    /// The stage that becomes the image.
    pub(super) fn last_stage() -> Self {
        let text = read("docker/Dockerfile").replace("\\\n", " ");
        let lines = text.lines().filter(|it| !it.is_empty() && !it.starts_with('#'));
        let all: Vec<(String, String)> =
            lines.filter_map(|it| it.trim().split_once(' ')).map(|(verb, rest)| (verb.into(), rest.into())).collect();
        let begin = all.iter().rposition(|it| it.0 == "FROM").expect("a stage");
        Self(all[begin..].to_vec())
    }

    /// The arguments of the last instruction of this kind.
    pub(super) fn last(&self, verb: &str) -> &str {
        let found = self.0.iter().rfind(|it| it.0 == verb);
        &found.unwrap_or_else(|| panic!("no {verb} in the Dockerfile")).1
    }

    /// The words of an instruction in its JSON form, whatever options stand before.
    pub(super) fn words(&self, verb: &str) -> Vec<String> {
        let arguments = self.last(verb);
        let begin = arguments.find('[').expect("the JSON form");
        serde_json::from_str(&arguments[begin..]).expect("the JSON form")
    }
}

/// A file of the repository.
pub(super) fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    std::fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_image_runs_as_a_user_without_a_name() {
    let user = Dockerfile::last_stage().last("USER").to_string();
    let ids: Vec<u32> = user.split(':').map(|it| it.parse().expect("a number")).collect();
    assert!(ids.len() == 2 && ids.iter().all(|it| *it > 1000), "{user}");
}
