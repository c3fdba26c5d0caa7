use serde::Serialize;

/// Several takes of one figure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// The smallest.
    pub min: f64,
    /// The one in the middle.
    pub median: f64,
    /// The largest.
    pub max: f64,
}

impl Figures {
    /// Of these takes, in any order.
    pub fn of(takes: &[f64]) -> Self {
        Self { min: quantile(takes, 0.0), median: quantile(takes, 0.5), max: quantile(takes, 1.0) }
    }
}

/// The value below which this part of all values lies; not a number where there is no value.
pub fn quantile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (part * sorted.len() as f64).ceil() as usize;
    sorted.get(place.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_one_in_the_middle() {
        let figures = Figures::of(&[5.0, 1.0, 3.0]);
        assert_eq!(figures, Figures { min: 1.0, median: 3.0, max: 5.0 });
    }

    #[test]
    fn the_99th_of_a_hundred_leaves_one_above() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        assert_eq!(quantile(&values, 0.99), 99.0);
        assert!(quantile(&[], 0.5).is_nan());
    }
}
