//! The audit at the terminal of the operator.

use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::PgPool;

use crate::common::{Ended, Program, address, scalar};

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn reading_is_noted_and_the_chain_is_verified(db: PgPool) {
    let program = Program::new().with("DATABASE_URL", address(&db));
    let empty = program.run(&["audit", "verify"]).await;
    assert!(
        empty.code == Some(0) && empty.out.starts_with("The audit is empty") && !empty.out.contains('0'),
        "{empty}"
    );
    super::written(&db).await;
    let listed = program.run(&["audit", "list", "--who", "ADA"]).await;
    assert_eq!(listed.code, Some(0), "{listed}");
    assert!(listed.out.contains("ada: correct-account account:ada") && !listed.out.contains("grace"), "{listed}");
    assert!(listed.out.ends_with("2 of 2 rows\n"), "{listed}");
    let noted = "select who || ': ' || action || ' ' || (detail ->> 'how') from audit.entry where number = 7";
    let noted: String = scalar(&db, noted).await;
    assert!(noted.ends_with(" at the terminal: read-audit list"), "{noted}");

    let verified = program.run(&["audit", "verify"]).await;
    assert!(verified.code == Some(0) && verified.out.starts_with("The chain holds: 7 rows."), "{verified}");
    let head = verified.out.lines().find_map(|it| it.strip_prefix("Head: ")).expect("a head").to_string();
    assert_eq!(program.run(&["audit", "verify", "--head", &head]).await.code, Some(0));
    assert_eq!(program.run(&["audit", "verify", "--head", "7:zz"]).await.code, Some(2), "no head");

    sqlx::raw_sql("alter table audit.entry disable trigger kept; delete from audit.entry where number > 5")
        .execute(&db)
        .await
        .expect("a cut tail");
    assert_eq!(program.run(&["audit", "verify"]).await.code, Some(0), "nothing remembers what followed");
    let cut = program.run(&["audit", "verify", "--head", &head]).await;
    assert_eq!(
        (cut.code, cut.out.as_str()),
        (Some(1), "The chain is broken: the chain ends before row 7, which the head names: its tail was cut off.\n")
    );
}

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn others_can_verify_what_is_exported(db: PgPool) {
    super::written(&db).await;
    let program = Program::new().with("DATABASE_URL", address(&db));
    let exported = program.run(&["audit", "export"]).await;
    let lines: Vec<&str> = exported.out.lines().collect();
    assert_eq!((exported.code, lines.len()), (Some(0), 7), "{exported}");
    let mut previous = "0".repeat(64);
    for line in &lines {
        previous = checked(line, &previous);
    }
    let forged = lines[3].replace("grace", "eve").replace("linus", "eve").replace("ada", "eve");
    assert_ne!(hash(&forged), serde_json::from_str::<Value>(&forged).expect("JSON")["hash"]);
    assert_eq!(rows(&program.run(&["audit", "export", "--after", "5"]).await), 3);
}

fn rows(ended: &Ended) -> usize {
    ended.out.lines().count()
}

/// The hash of a line that follows the one with this hash, as docs/access.md says.
fn checked(line: &str, previous: &str) -> String {
    let row: Value = serde_json::from_str(line).expect("JSON");
    assert_eq!(row["previous"], previous);
    assert_eq!(row["hash"], hash(line));
    hash(line)
}

/// An exported line has its keys in order and no spaces: taking the hash out of it leaves what was hashed.
fn hash(line: &str) -> String {
    let begin = line.find(",\"hash\":\"").expect("a hash");
    let end = begin + ",\"hash\":\"\"".len() + 64;
    hex::encode(Sha256::digest(format!("{}{}", &line[..begin], &line[end..])))
}
