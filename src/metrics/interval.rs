//! The 95 % confidence interval of a rate: what so many hits in so many trials prove.
//!
//! Between the extremes this is the exact two-sided interval of Clopper and Pearson (Biometrika 26, 1934),
//! 2.5 % on either side. Where every trial was a hit, or none, only one side is open and gets the whole 5 %:
//! 59 hits in 59 trials prove a rate of at least 0.05^(1/59) = 95.05 %, 299 in 299 at least 99.0 %. Each
//! bound taken by itself is therefore wrong in at most 5 % of experiments; the bounds of the normal
//! approximation would be 1 and 1 there.

use libm::{exp, fabs, lgamma, log, log1p};

/// Half of the risk of a two-sided 95 % interval.
const RISK_EACH_SIDE: f64 = 0.025;

/// The risk of a one-sided 95 % interval.
const RISK_ONE_SIDE: f64 = 0.05;

/// The 95 % interval of the rate behind `hits` in `trials`; `None` for no trials or for more hits than
/// trials.
pub fn interval(hits: u64, trials: u64) -> Option<(f64, f64)> {
    if trials == 0 || hits > trials {
        return None;
    }
    let (k, n) = (hits as f64, trials as f64);
    let extreme = exp(log(RISK_ONE_SIDE) / n);
    Some(if hits == 0 {
        (0.0, 1.0 - extreme)
    } else if hits == trials {
        (extreme, 1.0)
    } else {
        let low = beta_quantile(RISK_EACH_SIDE, k, n - k + 1.0);
        let high = beta_quantile(1.0 - RISK_EACH_SIDE, k + 1.0, n - k);
        (low, high)
    })
}

/// The `x` below which a beta distribution with these parameters, both positive, has this share; by
/// bisection.
fn beta_quantile(share: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    // Every step gains one bit; a number between 0 and 1 has 53 that matter.
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if beta_share(middle, a, b) < share {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// The share of a beta distribution below `x`, which lies inside (0, 1): the regularised incomplete beta
/// function, by its continued fraction (DLMF 8.17.22), on the side where that converges fast.
fn beta_share(x: f64, a: f64, b: f64) -> f64 {
    let scale = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    if x < (a + 1.0) / (a + b + 2.0) {
        scale * continued_fraction(x, a, b) / a
    } else {
        1.0 - scale * continued_fraction(1.0 - x, b, a) / b
    }
}

/// The continued fraction of DLMF 8.17.22, evaluated from the front by Lentz's method.
fn continued_fraction(x: f64, a: f64, b: f64) -> f64 {
    /// Stands in for a zero denominator.
    const TINY: f64 = 1e-300;
    /// It takes about the square root of the number of trials.
    const TERMS_MAX: u32 = 20_000;
    let nonzero = |v: f64| if fabs(v) < TINY { TINY } else { v };
    let (mut c, mut d) = (1.0, 1.0 / nonzero(1.0 - (a + b) * x / (a + 1.0)));
    let mut value = d;
    for m in 1..=TERMS_MAX {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut step = 1.0;
        for term in [even, odd] {
            d = 1.0 / nonzero(1.0 + term * d);
            c = nonzero(1.0 + term / c);
            step = c * d;
            value *= step;
        }
        if fabs(step - 1.0) < 1e-15 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 5e-5, "{found} is not {expected}");
    }

    #[test]
    fn no_misses_in_59_prove_95_percent_and_in_299_prove_99() {
        let (low, high) = interval(59, 59).unwrap();
        assert!(low > 0.95 && high == 1.0, "{low}");
        assert!(interval(58, 58).unwrap().0 < 0.95);
        assert!(interval(299, 299).unwrap().0 > 0.99);
        assert!(interval(298, 298).unwrap().0 < 0.99);
    }

    #[test]
    fn no_hits_mirror_no_misses() {
        let (low, high) = interval(0, 59).unwrap();
        assert_eq!(low, 0.0);
        close(high, 1.0 - interval(59, 59).unwrap().0);
    }

    #[test]
    fn between_the_extremes_it_is_clopper_and_pearson() {
        // 1/10 and 5/10 from the definition: P(X ≥ k) = 2.5 % at the low, P(X ≤ k) = 2.5 % at the high end.
        let (low, high) = interval(1, 10).unwrap();
        close(low, 0.00253);
        close(high, 0.44502);
        let (low, high) = interval(5, 10).unwrap();
        close(low, 0.18709);
        close(high, 0.81291);
        close(1.0 - (1.0 - interval(1, 10).unwrap().0).powi(10), 0.025);
    }

    #[test]
    fn many_trials_approach_the_normal_interval() {
        let (low, high) = interval(500_000, 1_000_000).unwrap();
        close(low, 0.5 - 0.00098);
        close(high, 0.5 + 0.00098);
    }

    #[test]
    fn nothing_is_proved_by_no_trials_or_by_nonsense() {
        assert_eq!(interval(0, 0), None);
        assert_eq!(interval(3, 2), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn it_contains_the_rate_and_lies_between_0_and_1(trials in 1u64..5_000, share in 0.0..=1.0f64) {
            let hits = (trials as f64 * share) as u64;
            let (low, high) = interval(hits, trials).unwrap();
            let rate = hits as f64 / trials as f64;
            prop_assert!(0.0 <= low && low <= rate && rate <= high && high <= 1.0, "{low} {rate} {high}");
        }
    }
}
