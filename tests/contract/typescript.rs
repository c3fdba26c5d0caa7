//! The TypeScript compiler, which compares values with the types that a vendor publishes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

/// What the compiler says of files with these names and texts; nothing when they are right.
pub(crate) fn complaints(project: &str, files: &[(&str, String)]) -> String {
    let modules = modules();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("contract").join(project);
    fs::create_dir_all(&folder).expect("a folder of our own");
    let files = files.iter().map(|(name, text)| (format!("{name}.ts"), text));
    let names: Vec<String> = files
        .map(|(name, text)| {
            fs::write(folder.join(&name), text).expect("a file of our own");
            name
        })
        .collect();
    let options = json!({
        "compilerOptions": {
            "strict": true,
            "noEmit": true,
            "module": "nodenext",
            "moduleResolution": "nodenext",
            "skipLibCheck": true,
            "types": [],
            // The files lie outside the tree, the types within it.
            "paths": { "*": [modules.join("*")] },
        },
        "files": names,
    });
    fs::write(folder.join("tsconfig.json"), options.to_string()).expect("a file of our own");
    let compiler = modules.join("typescript/bin/tsc");
    let output = Command::new("node").arg(compiler).current_dir(&folder).output().expect("node runs");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.success(), said.is_empty(), "the compiler did not do its work: {said}");
    said
}

/// Where npm puts the descriptions.
pub(crate) fn modules() -> PathBuf {
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/contract/node_modules");
    modules.canonicalize().expect("the vendors' descriptions are not there: `make contract` fetches them")
}
