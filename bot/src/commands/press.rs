use console::act::{self, Asker};
use console::{Ctx, Reply};
use uuid::Uuid;

/// What a button that acts carries: pressing it is typing this.
#[derive(clap::Args, Debug)]
pub struct Press {
    /// The intent and the version that was drawn
    #[arg(value_parser = drawn)]
    pub(crate) drawn: Drawn,
}

/// An intent and the version that was drawn, as `<intent>:<version>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawn {
    pub(crate) intent: Uuid,
    pub(crate) version: i64,
}

/// Reads what a button carries.
pub(crate) fn drawn(text: &str) -> Result<Drawn, &'static str> {
    let read = || {
        let (intent, version) = text.split_once(':')?;
        Some(Drawn { intent: intent.parse().ok()?, version: version.parse().ok()? })
    };
    read().ok_or("that is no button of ours")
}

impl Press {
    pub(crate) async fn run(self, ctx: &Ctx, asker: Asker<'_>) -> Reply {
        act::press(ctx, asker, self.drawn.intent, self.drawn.version).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_intent_with_a_version_is_a_button() {
        let intent = Uuid::from_u128(7);
        assert_eq!(drawn(&format!("{intent}:-3")), Ok(Drawn { intent, version: -3 }));
        for bad in ["", ":", "7:1", &format!("{intent}"), &format!("{intent}:x"), &format!("{intent}:1:2")] {
            assert!(drawn(bad).is_err(), "{bad}");
        }
    }
}
