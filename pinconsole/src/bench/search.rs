//! Searching by words and with typing errors, beside the bare trigram query.

use std::time::Instant;

use anyhow::{Result, ensure};
use console::search::{self, Scope};
use domain::{PgPool, pool};
use sqlx::Row;

use super::catalog;
use super::client::{Connection, get};
use super::figures::quantile;
use super::ground::Ground;
use super::report::{Goal, Report};
use super::served::Served;
use crate::app;

/// How many searches a take has.
const SEARCHES: usize = 300;

/// The same rows in no order: the index does what it can, nothing is ranked or told.
const WITHIN: &str = "select ref, field, value from catalog.term where folded like $1 limit 200";
/// The same for typing errors; without an order it would give whatever comes first.
const ALIKE: &str = "select ref, field, value, word_similarity($1, folded) as likeness from catalog.term
    where $1 <% folded order by likeness desc limit 200";

pub async fn measure(ground: &Ground, rounds: u32) -> Result<Report> {
    let what =
        format!("over {} entities and 11,200 people and groups, one caller, inside the program", catalog::ENTITIES);
    let mut report = Report::new("search", what);
    let database = ground.loaded().await?;
    let db = pool::pool(database.as_str(), 2)?;
    let (ctx, _writer) = app::context(db.clone());
    let served = Served::start(ground, database, None)?;
    check(&ctx).await?;
    for round in 0..=rounds {
        let numbers = || (0..SEARCHES).map(|it| (it * 7_919 + round as usize * 101) % catalog::ENTITIES);
        let words: Vec<String> = numbers().map(catalog::first_word).collect();
        let typos: Vec<String> = numbers().map(catalog::misspelt).collect();
        let before = ground.postgres_cpu()?;
        let found = ours(&ctx, &words).await?;
        let used = ground.postgres_cpu()? - before;
        let within = bare(&db, WITHIN, &words, |it| format!("%{it}%")).await?;
        let guessed = ours(&ctx, &typos).await?;
        let alike = bare(&db, ALIKE, &typos, |it| it.into()).await?;
        let page = pages(&served, &words).await?;
        if round == 0 {
            continue;
        }
        report.aim("words: ours / bare query", "times", Goal::AtMost(1.5), found / within);
        report.note("words: ours, half within", "ms", found);
        report.note("words: bare query, half within", "ms", within);
        report.note("words: our page over HTTP, half within", "ms", page);
        report.aim("typing errors: ours / bare query", "times", Goal::AtMost(1.5), guessed / alike);
        report.note("typing errors: ours, half within", "ms", guessed);
        report.note("typing errors: bare query, half within", "ms", alike);
        report.note("words: CPU per 10,000, Postgres", "s", used / SEARCHES as f64 * 10_000.0);
        report.note("memory of the server", "MB", served.resident()?);
        report.note("one fdatasync", "ms", ground.fdatasync()?);
    }
    db.close().await;
    Ok(report)
}

/// Until the card is there, half of them within.
async fn ours(ctx: &console::Ctx, texts: &[String]) -> Result<f64> {
    let mut took = Vec::new();
    for text in texts {
        let begun = Instant::now();
        let view = search::load(ctx, text, Scope::All, 1).await;
        let view = view.map_err(|_| anyhow::anyhow!("the search failed"))?;
        std::hint::black_box(search::card(&view));
        took.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(quantile(&took, 0.5))
}

async fn bare(db: &PgPool, sql: &'static str, texts: &[String], argument: impl Fn(&str) -> String) -> Result<f64> {
    let mut took = Vec::new();
    let mut connection = db.acquire().await?;
    for text in texts {
        let begun = Instant::now();
        let rows = sqlx::query(sql).bind(argument(text)).fetch_all(&mut *connection).await?;
        std::hint::black_box(rows.iter().map(|it| it.get::<String, _>(0).len()).sum::<usize>());
        took.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(quantile(&took, 0.5))
}

async fn pages(served: &Served, texts: &[String]) -> Result<f64> {
    let mut connection = Connection::open(served.web).await?;
    let mut took = Vec::new();
    for text in texts {
        let request = get(&format!("/search?q={text}"));
        let begun = Instant::now();
        connection.ask(&request).await?;
        took.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(quantile(&took, 0.5))
}

/// What is measured must find what is looked for.
async fn check(ctx: &console::Ctx) -> Result<()> {
    for (text, least) in [(catalog::first_word(7), 50), (catalog::misspelt(7), 1)] {
        let view = search::load(ctx, &text, Scope::All, 1).await.map_err(|_| anyhow::anyhow!("the search failed"))?;
        let found = search::card(&view).results.unwrap_or_default();
        ensure!(found >= least, "{text} finds {found} instead of {least} or more");
    }
    Ok(())
}
