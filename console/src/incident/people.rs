use cards::Text;
use domain::incidents::Somebody;

use super::one_line;

/// Somebody of PagerDuty: the person where an account says who that is, else what PagerDuty calls them.
pub(crate) fn somebody(who: &Somebody) -> Text {
    match (&who.person, &who.display) {
        (Some(name), Some(display)) => Text::person(name, display),
        _ => Text::plain(one_line(&who.name)),
    }
}

/// All of them in a row; of many, the first and how many more.
pub(crate) fn all<'a>(who: impl ExactSizeIterator<Item = &'a Somebody>) -> Text {
    let more = who.len().saturating_sub(NAMED);
    let names = Text::joined(who.take(NAMED).map(somebody), ", ");
    if more > 0 { names.then(format!(" … and {more} more")) } else { names }
}

/// More people than these are counted, not named.
const NAMED: usize = 8;
