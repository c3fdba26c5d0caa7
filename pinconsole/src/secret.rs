use secrecy::{ExposeSecret, SecretString};

/// Shorter signing secrets can be guessed; an empty one would verify anybody.
const MIN_BYTES: usize = 16;

/// Secrets that verify signatures: one, or two while the sender changes from one to the other.
pub fn signing(name: &str, value: &SecretString) -> Result<Vec<SecretString>, String> {
    let parts: Vec<&str> = value.expose_secret().split(',').map(str::trim).collect();
    match parts.iter().find(|it| it.len() < MIN_BYTES) {
        Some(&"") => Err(format!("{name} is empty")),
        Some(short) => Err(format!("{name} has {} bytes, needs at least {MIN_BYTES}", short.len())),
        None => Ok(parts.into_iter().map(SecretString::from).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_and_short_ones_are_refused_without_being_told() {
        let refused = |value: &str| signing("X", &SecretString::from(value)).expect_err("refused");
        assert_eq!(refused(""), "X is empty");
        assert_eq!(refused("0123456789abcdef,"), "X is empty");
        assert_eq!(refused("short"), "X has 5 bytes, needs at least 16");
    }

    #[test]
    fn two_may_be_active() {
        let both = SecretString::from("0123456789abcdef, fedcba9876543210");
        assert_eq!(signing("X", &both).expect("two").len(), 2);
    }
}
