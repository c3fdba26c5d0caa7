use sqlx::PgConnection;

use super::ping::Ping;
use super::{Incident, Urgency};

/// What tells of incidents from now on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Opening {
    /// New messages, each with the incident for which it is put.
    pub new: Vec<(Ping, Incident)>,
    /// Which messages, by their keys, tell of which incidents, by their ids; those that are there already are held.
    pub pinged: Vec<(String, String)>,
    /// Keys of messages that are there already and take more up.
    pub joined: Vec<String>,
    /// By what incidents are known where they come again: place, sign, and the key of the newest message about it.
    pub signs: Vec<(String, String, String)>,
}

impl Opening {
    /// Notes what tells of incidents. The caller holds the places, and the messages that take more up.
    pub async fn write(&self, db: &mut PgConnection) -> sqlx::Result<()> {
        if self.pinged.is_empty() {
            return Ok(());
        }
        let all = || self.new.iter().map(|it| &it.0);
        let about = || self.new.iter().map(|it| &it.1);
        let keys: Vec<&str> = all().map(|it| it.key.as_str()).collect();
        let places: Vec<&str> = all().map(|it| it.place.as_str()).collect();
        let threads: Vec<Option<&str>> = all().map(|it| it.thread_of.as_deref()).collect();
        let members: Vec<Option<&str>> = all().map(|it| it.member_id.as_deref()).collect();
        let many: Vec<bool> = all().map(|it| it.many).collect();
        let first: Vec<&str> = about().map(|it| it.id.as_str()).collect();
        let services: Vec<&str> = about().map(|it| it.service_id.as_str()).collect();
        let policies: Vec<Option<&str>> = about().map(|it| it.policy_id.as_deref()).collect();
        let urgent: Vec<bool> = about().map(|it| it.urgency == Urgency::High).collect();
        let (incidents, tell): (Vec<&str>, Vec<&str>) =
            self.pinged.iter().map(|it| (it.0.as_str(), it.1.as_str())).unzip();
        let at: Vec<&str> = self.signs.iter().map(|it| it.0.as_str()).collect();
        let signs: Vec<&str> = self.signs.iter().map(|it| it.1.as_str()).collect();
        let newest: Vec<&str> = self.signs.iter().map(|it| it.2.as_str()).collect();
        sqlx::query!(
            "with added as (
                insert into incidents.ping
                    (key, place, thread_of, member_id, many, incident_id, service_id, policy_id, urgent)
                select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bool[], $6::text[], $7::text[],
                    $8::text[], $9::bool[])
                on conflict (key) do nothing
             ), joined as (
                update incidents.ping set many = true, last_at = now()
                where key = any($10) and (not many or last_at < now())
             ), known as (
                insert into incidents.sign as sign (place, sign, key)
                select * from unnest($11::text[], $12::text[], $13::text[])
                on conflict (place, sign) do update set key = excluded.key where sign.key <> excluded.key
             )
             insert into incidents.pinged (incident_id, key) select * from unnest($14::text[], $15::text[])
             on conflict do nothing",
            &keys as &[&str],
            &places as &[&str],
            &threads as &[Option<&str>],
            &members as &[Option<&str>],
            &many,
            &first as &[&str],
            &services as &[&str],
            &policies as &[Option<&str>],
            &urgent,
            &self.joined,
            &at as &[&str],
            &signs as &[&str],
            &newest as &[&str],
            &incidents as &[&str],
            &tell as &[&str]
        )
        .execute(db)
        .await?;
        Ok(())
    }
}
