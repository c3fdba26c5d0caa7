/// How much is sent, and how often something is killed meanwhile.
#[derive(Clone, Copy)]
pub(super) struct Size {
    /// Events that are delivered until they are acknowledged.
    pub(super) deliveries: usize,
    /// Incidents, of which somebody must be told each.
    pub(super) incidents: usize,
    /// How long Slack takes nothing meanwhile, in seconds; it says so three times.
    pub(super) pause: u64,
    /// Messages that people must get.
    pub(super) messages: usize,
    /// Seconds for each of which a run is due.
    pub(super) ticks: usize,
    /// Replicas that are killed.
    pub(super) kills: usize,
    /// Crashes of the database.
    pub(super) crashes: usize,
}

impl Size {
    /// The size that was asked for.
    pub(super) fn chosen() -> Self {
        match std::env::var("FAULTS").as_deref() {
            Ok("large") => Self {
                deliveries: 20_000,
                incidents: 500,
                pause: 50,
                messages: 2_000,
                ticks: 1_010,
                kills: 20,
                crashes: 5,
            },
            Ok(other) => panic!("FAULTS is `{other}`; it can be `large`"),
            Err(_) => {
                Self { deliveries: 2_000, incidents: 60, pause: 3, messages: 200, ticks: 15, kills: 3, crashes: 1 }
            }
        }
    }
}
