use serde::{Deserialize, Deserializer};

/// Attribute names in lower case, the preferred one first; none switches a field off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(Vec<String>);

impl Names {
    /// From names in any case.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self(names.into_iter().map(|it| it.trim().to_ascii_lowercase()).filter(|it| !it.is_empty()).collect())
    }

    /// The names.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// One name, several, or an empty text for none.
impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "an attribute name or a list of them")]
        enum Written {
            One(String),
            Several(Vec<String>),
        }
        Ok(match Written::deserialize(deserializer)? {
            Written::One(name) => Self::new([name.as_str()]),
            Written::Several(names) => Self::new(names.iter().map(String::as_str)),
        })
    }
}
