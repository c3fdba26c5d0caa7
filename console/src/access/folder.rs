use std::fs;
use std::path::Path;

use include_dir::Dir;

use super::Fault;

/// The files of a folder with this ending, by name, in order.
pub(super) fn files(folder: &Path, ending: &str) -> Result<Vec<(String, String)>, Fault> {
    let shown = |path: &Path| path.display().to_string();
    let cannot = |path: &Path, error| Fault::of(&shown(path), format!("it cannot be read: {error}"));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(|it| cannot(folder, it))? {
        let path = entry.map_err(|it| cannot(folder, it))?.path();
        if path.extension().is_some_and(|it| it == ending) {
            let text = fs::read_to_string(&path).map_err(|it| cannot(&path, it))?;
            files.push((shown(&path), text));
        }
    }
    files.sort();
    Ok(files)
}

/// The same of a folder that the program carries.
pub(super) fn embedded(folder: &Dir<'_>, ending: &str) -> Vec<(String, String)> {
    let files = folder.files().filter(|it| it.path().extension().is_some_and(|it| it == ending));
    let named = files.filter_map(|it| Some((format!("config/policies/{}", it.path().display()), it.contents_utf8()?)));
    let mut files: Vec<_> = named.map(|(name, text)| (name, text.to_string())).collect();
    files.sort();
    files
}
