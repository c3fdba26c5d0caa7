//! Administrators say whose an account of GitHub's is.

use integrations::fake::slack::SlackMember;
use sqlx::PgPool;

use super::linked::{link, signs_in};
use crate::common::{Office, buttons, company, scalar};

#[sqlx::test(migrator = "domain::MIGRATOR")]
async fn a_correction_takes_an_account_by_its_id_and_stays(db: PgPool) {
    company(&db).await;
    let (office, github) =
        Office::signing_in(&db, |it| it.config("[administrators]\ngroup = \"platform-admins\"\n")).await;
    office.slack.member(SlackMember::new("U0LINUS", "Linus Meyer", "linus@pinconsole.example"));
    let id = github.person("octo-ada");
    let path = link(&office, "U0ADA").await;
    signs_in(&office, &github, (&path, "octo-ada")).await;
    let held = office.told("U0LINUS", "/pin account correct grace github Octo-Ada --reason moved").await;
    assert!(held.contains("Somebody else has that account") && held.contains("ada"), "{held}");
    let asked = office.typed("U0LINUS", "/pin account correct grace github Octo-Ada --reason moved --take").await;
    let confirm = buttons(&asked).into_iter().find(|it| it.1.starts_with("confirm ")).expect("a question").1;
    let done = office.told("U0LINUS", &format!("/pin {confirm}")).await;
    assert!(done.starts_with("✓ Corrected"), "{done}");
    let stored = "select string_agg(p.name || ' ' || a.tenant || ' ' || a.external_id || ' ' || a.proof, ',')
        from auth.account a join org.person p on p.id = a.person_id where a.platform = 'github' and a.tenant = 'id'";
    assert_eq!(scalar::<String>(&db, stored).await, format!("grace id {id} administrator"));
    // Neither whoever had it nor the directory gets it back by themselves.
    let path = link(&office, "U0ADA").await;
    let (_, page) = signs_in(&office, &github, (&path, "octo-ada")).await;
    assert!(page.text.contains("This account was not linked"), "{}", page.text);
    assert!(office.told("U0GRACE", "/pin whoami").await.contains("administrator"));
}
