use serde::Deserialize;
use serde_json::Value;

use super::client::read;
use super::{Client, SlackError};

/// A view that is open. <https://docs.slack.dev/surfaces/modals/>
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct View {
    /// Its id.
    pub id: String,
    /// Its state; an update that names another one is refused.
    #[serde(default)]
    pub hash: String,
}

#[derive(Deserialize)]
struct Shown {
    view: View,
}

impl Client {
    /// Opens a view for whoever caused the trigger, within three seconds of it.
    /// <https://docs.slack.dev/reference/methods/views.open/>
    pub async fn open_view(&self, trigger: &str, view: &Value) -> Result<View, SlackError> {
        let view = view.to_string();
        let answer = self.act("views.open", &[("trigger_id", trigger), ("view", &view)]).await?;
        read(&answer.body).map(|it: Shown| it.view)
    }

    /// Replaces what an open view shows, unless it changed since.
    /// <https://docs.slack.dev/reference/methods/views.update/>
    pub async fn update_view(&self, open: &View, view: &Value) -> Result<View, SlackError> {
        let view = view.to_string();
        let mut form = vec![("view_id", open.id.as_str()), ("view", &view)];
        // Without one, whatever it shows by now is replaced.
        if !open.hash.is_empty() {
            form.push(("hash", &open.hash));
        }
        let answer = self.act("views.update", &form).await?;
        read(&answer.body).map(|it: Shown| it.view)
    }
}
