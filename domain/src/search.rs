//! Finding things by words: exact over prefix over substring over typing error.

use sqlx::{PgExecutor, PgPool};

use crate::fold;
use crate::subject::Subject;

/// How a term matched, the best last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// Alike but for a typing error.
    Alike,
    /// Within the term.
    Within,
    /// At its beginning.
    Prefix,
    /// All of it.
    Exact,
}

/// Something that was found, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What was found.
    pub subject: Subject,
    /// How well it matched.
    pub how: Match,
    /// The field that matched best.
    pub field: String,
    /// What that field says.
    pub value: String,
}

/// One page of what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hits {
    /// The page.
    pub hits: Vec<Hit>,
    /// How many there are in all, up to [`MOST`].
    pub total: i64,
}

/// More hits than this are not counted.
pub const MOST: i64 = 200;

/// Words beyond these are not looked at.
const MAX_WORDS: usize = 6;
const MAX_CHARS: usize = 100;

/// How long looking for words apart or with typing errors may take.
const LONGEST: &str = "1500ms";

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    phrase: String,
    words: Vec<String>,
    kinds: Option<Vec<String>>,
}

impl Query {
    /// These words, in things of any kind; nothing where they have no letter or digit.
    pub fn new(words: &str) -> Option<Self> {
        let phrase: String = fold(words).chars().take(MAX_CHARS).collect();
        let words: Vec<String> = phrase.split(' ').take(MAX_WORDS).map(String::from).collect();
        phrase.contains(char::is_alphanumeric).then_some(Self { phrase, words, kinds: None })
    }

    /// The same in things of these kinds only.
    pub fn kinds(self, kinds: &[&str]) -> Self {
        Self { kinds: Some(kinds.iter().map(|it| it.to_lowercase()).collect()), ..self }
    }

    /// Finds things in which all of the words occur, the best match first; typing errors count only where nothing matches.
    pub async fn run(&self, db: &PgPool, limit: i64, offset: i64) -> sqlx::Result<Hits> {
        let limit = limit.min(MOST - offset).max(0);
        for way in [Way::Together, Way::Apart, Way::Alike] {
            let hits = self.look(way, db, limit, offset).await?;
            // An empty later page may be beyond the end of what this way finds: then it is the answer all the same.
            if hits.total > 0 || offset > 0 && self.look(way, db, 1, 0).await?.total > 0 {
                return Ok(hits);
            }
        }
        Ok(Hits { hits: Vec::new(), total: 0 })
    }

    async fn look(&self, way: Way, db: &PgPool, limit: i64, offset: i64) -> sqlx::Result<Hits> {
        match way {
            Way::Together => return self.together(db, limit, offset).await,
            Way::Apart if self.words.len() == 1 => return Ok(Hits { hits: Vec::new(), total: 0 }),
            Way::Apart | Way::Alike => {}
        }
        // Many short words make these two slow; nobody may hold a connection for long with them.
        let mut bounded = db.begin().await?;
        sqlx::query!("select set_config('statement_timeout', $1, true)", LONGEST).fetch_one(&mut *bounded).await?;
        match way {
            Way::Apart => self.apart(&mut *bounded, limit, offset).await,
            Way::Together | Way::Alike => self.alike(&mut *bounded, limit, offset).await,
        }
    }

    /// The words as one phrase in one field. References are compared by their bytes: by the rules of a language it took as long as
    /// finding them.
    async fn together(&self, db: impl PgExecutor<'_>, limit: i64, offset: i64) -> sqlx::Result<Hits> {
        let like = escape(&self.phrase);
        let rows = sqlx::query_as!(
            Row,
            r#"with best as (
                select distinct on (ref collate "C") ref, field, value, weight,
                    case when folded = $1 then 3 when folded like $2 then 2 else 1 end as how
                from catalog.term
                where folded like $3 and ($4::text[] is null or split_part(ref, ':', 1) = any($4))
                order by ref collate "C", how desc, weight desc
            )
            select h.ref as "reference!", h.field as "field!", h.value as "value!", h.how as "how!",
                s.kind as "kind!", s.name as "name!", s.title as "title!", s.description, s.type as type_, s.owner,
                s.orphaned_at is not null as "orphaned!", (select least(count(*), $5) from best) as "total!"
            from (select * from best order by how desc, weight desc, length(ref), ref collate "C" limit $6 offset $7) h
            cross join lateral (select * from catalog.subject where ref = h.ref limit 1) s
            order by h.how desc, h.weight desc, length(h.ref), h.ref collate "C"
            "#,
            self.phrase,
            format!("{like}%"),
            format!("%{like}%"),
            self.kinds.as_deref(),
            MOST,
            limit,
            offset
        )
        .fetch_all(db)
        .await?;
        Ok(page(rows))
    }

    /// The words as one phrase with typing errors, in one field.
    async fn alike(&self, db: impl PgExecutor<'_>, limit: i64, offset: i64) -> sqlx::Result<Hits> {
        let rows = sqlx::query_as!(
            Row,
            r#"with best as (
                select distinct on (ref collate "C") ref, field, value, weight, word_similarity($1, folded) as likeness
                from catalog.term
                where $1 <% folded and ($2::text[] is null or split_part(ref, ':', 1) = any($2))
                order by ref collate "C", likeness desc, weight desc
            )
            select h.ref as "reference!", h.field as "field!", h.value as "value!", 0 as "how!",
                s.kind as "kind!", s.name as "name!", s.title as "title!", s.description, s.type as type_, s.owner,
                s.orphaned_at is not null as "orphaned!", (select least(count(*), $3) from best) as "total!"
            from (select * from best order by likeness desc, weight desc, length(ref), ref collate "C" limit $4 offset $5) h
            cross join lateral (select * from catalog.subject where ref = h.ref limit 1) s
            order by h.likeness desc, h.weight desc, length(h.ref), h.ref collate "C"
            "#,
            self.phrase,
            self.kinds.as_deref(),
            MOST,
            limit,
            offset
        )
        .fetch_all(db)
        .await?;
        Ok(page(rows))
    }

    /// Each word in some field, in any order.
    async fn apart(&self, db: impl PgExecutor<'_>, limit: i64, offset: i64) -> sqlx::Result<Hits> {
        let contains: Vec<String> = self.words.iter().map(|it| format!("%{}%", escape(it))).collect();
        let rows = sqlx::query_as!(
            Row,
            r#"with word as (
                select * from unnest($1::text[], $2::text[]) as word (text, contains)
            ), hit as (
                select word.text, t.ref, t.field, t.value, t.weight,
                    case when t.folded = word.text then 3 when t.folded like word.contains then 1 else 0 end as how
                from word join catalog.term t on t.folded like word.contains or word.text <% t.folded
                where ($3::text[] is null or split_part(t.ref, ':', 1) = any($3))
            ), best as (
                select distinct on (ref collate "C", text collate "C") * from hit
                order by ref collate "C", text collate "C", how desc, weight desc
            ), whole as (
                select ref, min(how) as how, sum(how * 100 + weight) as score,
                    (array_agg(field order by how desc, weight desc))[1] as field,
                    (array_agg(value order by how desc, weight desc))[1] as value
                from best group by ref having count(*) = (select count(distinct text) from word)
                order by how desc, score desc, ref collate "C" limit $4
            )
            select h.ref as "reference!", h.field as "field!", h.value as "value!", h.how as "how!",
                s.kind as "kind!", s.name as "name!", s.title as "title!", s.description, s.type as type_, s.owner,
                s.orphaned_at is not null as "orphaned!", (select count(*) from whole) as "total!"
            from (select * from whole order by how desc, score desc, ref collate "C" limit $5 offset $6) h
            cross join lateral (select * from catalog.subject where ref = h.ref limit 1) s
            order by h.how desc, h.score desc, h.ref collate "C"
            "#,
            &self.words,
            &contains,
            self.kinds.as_deref(),
            MOST,
            limit,
            offset
        )
        .fetch_all(db)
        .await?;
        Ok(page(rows))
    }
}

/// A way of looking, the strictest first.
#[derive(Clone, Copy)]
enum Way {
    Together,
    Apart,
    Alike,
}

struct Row {
    reference: String,
    field: String,
    value: String,
    how: i32,
    kind: String,
    name: String,
    title: String,
    description: Option<String>,
    type_: Option<String>,
    owner: Option<String>,
    orphaned: bool,
    total: i64,
}

fn page(rows: Vec<Row>) -> Hits {
    let total = rows.first().map_or(0, |it| it.total);
    Hits { hits: rows.into_iter().map(Hit::from).collect(), total }
}

impl From<Row> for Hit {
    fn from(row: Row) -> Self {
        let subject = Subject {
            reference: row.reference,
            kind: row.kind,
            name: row.name,
            title: row.title,
            description: row.description,
            type_: row.type_,
            owner: row.owner,
            orphaned: row.orphaned,
        };
        Self { subject, how: how(row.how), field: row.field, value: row.value }
    }
}

fn how(number: i32) -> Match {
    match number {
        3 => Match::Exact,
        2 => Match::Prefix,
        1 => Match::Within,
        _ => Match::Alike,
    }
}

/// Makes a text stand for itself in `like`.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
