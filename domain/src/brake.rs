//! The brake: a directory that suddenly says much less is taken for broken until a person says otherwise.

use serde::{Deserialize, Serialize};

use crate::org_plan::OrgPlan;

/// How much may go at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Brake {
    /// A fall of more than this many percent stops the sync …
    pub percent: u8,
    /// … when it is also more than this many.
    pub floor: usize,
}

impl Default for Brake {
    fn default() -> Self {
        Self { percent: 10, floor: 10 }
    }
}

impl Brake {
    /// Why the plan goes too far, in sentences; empty when it does not.
    pub fn check(&self, plan: &OrgPlan) -> Vec<String> {
        let sizes = plan.sizes;
        let losses = [
            ("people would leave", plan.left.len(), sizes.people_before),
            ("people would be disabled", plan.disabled.len(), sizes.enabled_before),
            // Both are what a wrong mapping of attributes looks like.
            ("disabled people would be enabled", plan.enabled.len(), sizes.disabled_before),
            ("e-mail addresses would go", plan.unreachable.len(), sizes.reachable_before),
            ("groups would go", plan.closed.len(), sizes.groups_before),
            ("memberships would end", plan.memberships_lost(), sizes.memberships_before),
        ];
        let empty = (sizes.people == 0).then(|| "the directory has no people".to_string());
        let steep = losses.into_iter().filter(|(_, lost, before)| self.too_much(*lost, *before));
        empty.into_iter().chain(steep.map(|(what, lost, before)| format!("{lost} of {before} {what}"))).collect()
    }

    fn too_much(&self, lost: usize, before: usize) -> bool {
        lost > self.floor && lost * 100 > before * usize::from(self.percent)
    }
}
