//! The TypeScript compiler, which compares values with the types that a vendor publishes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;

/// What the compiler says of a file with this text; nothing when it is right.
pub(crate) fn complaints(name: &str, text: &str) -> String {
    let modules = modules();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("contract").join(name);
    fs::create_dir_all(&folder).expect("a folder of our own");
    fs::write(folder.join("sent.ts"), text).expect("a file of our own");
    let options = json!({
        "compilerOptions": {
            "strict": true,
            "noEmit": true,
            "module": "nodenext",
            "moduleResolution": "nodenext",
            "skipLibCheck": true,
            "types": [],
            // The file lies outside the tree, the types within it.
            "paths": { "*": [modules.join("*")] },
        },
        "files": ["sent.ts"],
    });
    fs::write(folder.join("tsconfig.json"), options.to_string()).expect("a file of our own");
    let compiler = modules.join("typescript/bin/tsc");
    let output = Command::new("node").arg(compiler).arg("--project").arg(&folder).output().expect("node runs");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.success(), said.is_empty(), "the compiler did not do its work: {said}");
    said
}

/// Where npm puts the descriptions.
fn modules() -> PathBuf {
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/contract/node_modules");
    modules.canonicalize().expect("the vendors' descriptions are not there: `make contract` fetches them")
}
