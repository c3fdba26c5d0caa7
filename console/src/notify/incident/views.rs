use std::collections::HashMap;

use chrono::Utc;
use domain::PgConnection;
use domain::incidents::Incident;

use crate::Failure;
use crate::incident::{self, View};

/// What is known of incidents of which people are told, each read once a transaction.
#[derive(Default)]
pub(super) struct Views(HashMap<String, View>);

impl Views {
    /// Reads those of these incidents that were not read yet, at once.
    pub(super) async fn load<'a>(
        &mut self,
        db: &mut PgConnection,
        incidents: impl Iterator<Item = &'a Incident>,
    ) -> Result<(), Failure> {
        let missing: HashMap<&str, &Incident> =
            incidents.filter(|it| !self.0.contains_key(&it.id)).map(|it| (it.id.as_str(), it)).collect();
        let missing: Vec<Incident> = missing.into_values().cloned().collect();
        let views = incident::all_around(db, missing, Utc::now()).await?;
        self.0.extend(views.into_iter().map(|it| (it.incident.id.clone(), it)));
        Ok(())
    }

    /// What is known of one that was read.
    pub(super) fn of(&self, id: &str) -> Option<&View> {
        self.0.get(id)
    }
}
