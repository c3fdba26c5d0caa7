//! Events are applied once each and in order, whoever is killed or stands still between the claim and the commit.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sqlx::PgPool;

use super::{Ground, Size, Tally, pager};
use crate::common::{PATIENCE, until};

/// How many incidents tell at a time; each waits for its last event to be acknowledged, as PagerDuty does.
const INCIDENTS: usize = 24;

/// Longer than a lease, and than a transaction of ours may stand still.
const FROZEN: Duration = Duration::from_secs(6);

/// Notes each commit that finished an event, and lets each take some time, so that there is something to be killed.
const LEDGER: [&str; 3] = [
    "create table public.ledger (number bigserial primary key, id uuid, external_id text not null, subject text, attempts int,
        transaction xid8 default pg_current_xact_id())",
    "create function public.note() returns trigger language plpgsql as $$
     begin
        perform pg_sleep(0.002);
        insert into public.ledger (id, external_id, subject, attempts)
        values (new.id, new.external_id, new.subject, new.attempts);
        return new;
     end $$",
    "create trigger note before update on inbox.delivery for each row
     when (old.state = 'pending' and new.state in ('applied', 'ignored')) execute function public.note()",
];

/// Transactions one after the other; what is applied in one goes by its id, in whatever order it is marked.
const IN_ORDER: &str = "select external_id, subject, attempts from public.ledger
    order by min(number) over (partition by transaction), id";

/// The nth event of an incident: its id, which sorts in their order, and the request's body.
fn event(incident: usize, nth: usize) -> (String, Vec<u8>) {
    let id = format!("01P-{incident:03}-{nth:05}");
    let data = serde_json::json!({ "incident": { "id": format!("Q{incident:03}") } });
    let event = serde_json::json!({ "id": id, "event_type": "incident.invented_tomorrow", "data": data });
    (id, serde_json::json!({ "event": event }).to_string().into_bytes())
}

pub(super) async fn pending(db: &PgPool) -> i64 {
    let pending = "select count(*) from inbox.delivery where state = 'pending'";
    sqlx::query_scalar(pending).fetch_one(db).await.unwrap_or(i64::MAX)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_event_is_applied_once_and_in_order() {
    let size = Size::chosen();
    let each = size.deliveries / 2 / INCIDENTS;
    let ground = Ground::open(pager::furnish).await;
    for part in LEDGER {
        sqlx::query(part).execute(&ground.db).await.expect("a ledger");
    }
    let client = pager::client();
    let done = AtomicUsize::new(0);
    let incident = |incident: usize| {
        let (client, ground, done) = (&client, &ground, &done);
        async move {
            for nth in 0..each {
                pager::tell(client, ground, (incident + nth, &event(incident, nth).1)).await;
                done.fetch_add(1, Ordering::Relaxed);
            }
        }
    };
    let havoc = async {
        for blow in 0..size.kills {
            let due = INCIDENTS * each * (blow + 1) / (size.kills + 1);
            until("the next blow", async || (done.load(Ordering::Relaxed) >= due).then_some(())).await;
            match blow {
                0 => ground.freeze(1, FROZEN).await,
                _ => ground.kill(blow).await,
            }
        }
    };
    tokio::join!(futures::future::join_all((0..INCIDENTS).map(incident)), havoc);
    tokio::time::timeout(PATIENCE, async {
        while pending(&ground.db).await > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await
    .expect("everything is applied in the end");
    let all = (0..INCIDENTS).flat_map(|it| (0..each).map(move |nth| event(it, nth).0));
    let mut tally = Tally { attempted: all.clone().collect(), acknowledged: all.collect(), ..Tally::default() };
    let ledger: Vec<(String, String, i32)> = sqlx::query_as(IN_ORDER).fetch_all(&ground.db).await.expect("rows");
    let mut last = std::collections::BTreeMap::new();
    for (id, subject, _) in &ledger {
        *tally.found.entry(id.clone()).or_default() += 1;
        let before = last.insert(subject.clone(), id.clone());
        assert!(before.is_none_or(|it| it < *id), "{id} was applied after a later one of its incident");
    }
    let again = ledger.iter().filter(|it| it.2 > 1).count();
    println!(
        "{} replicas killed, one frozen for {FROZEN:?}; {again} events were claimed more than once\n{tally}",
        size.kills - 1
    );
    assert!(tally.lost().is_empty() && tally.unexpected().is_empty() && tally.doubled().is_empty());
    ground.close().await;
}
