//! Draws from distributions, on top of `libm`, so that they are the same on every machine.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use std::f64::consts::TAU;

/// A number from 0 up to 1, 1 left out.
fn unit(rng: &mut ChaCha8Rng) -> f64 {
    rng.random_range(0.0..1.0)
}

/// An exponentially distributed number with this mean.
pub(super) fn exponential(rng: &mut ChaCha8Rng, mean: f64) -> f64 {
    -mean * libm::log(1.0 - unit(rng))
}

/// A normally distributed number, by the transform of Box and Muller.
pub(super) fn normal(rng: &mut ChaCha8Rng, mean: f64, sd: f64) -> f64 {
    let radius = libm::sqrt(-2.0 * libm::log(1.0 - unit(rng)));
    mean + sd * radius * libm::cos(TAU * unit(rng))
}

/// A lognormally distributed number with this median and coefficient of variation.
pub(super) fn log_normal(rng: &mut ChaCha8Rng, median: f64, cv: f64) -> f64 {
    let sigma = libm::sqrt(libm::log(1.0 + cv * cv));
    median * libm::exp(normal(rng, 0.0, sigma))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::rng::SimRng;

    fn many(draw: impl Fn(&mut ChaCha8Rng) -> f64) -> Vec<f64> {
        let mut rng = SimRng::new(5).named("test");
        let mut drawn: Vec<f64> = (0..20_000).map(|_| draw(&mut rng)).collect();
        drawn.sort_by(f64::total_cmp);
        drawn
    }

    fn mean(of: &[f64]) -> f64 {
        of.iter().sum::<f64>() / of.len() as f64
    }

    #[test]
    fn draws_have_the_moments_they_are_asked_for() {
        assert!((mean(&many(|r| exponential(r, 3.0))) - 3.0).abs() < 0.1);
        let drawn = many(|r| normal(r, 1.34, 0.26));
        assert!((mean(&drawn) - 1.34).abs() < 0.01);
        let variance = mean(&drawn.iter().map(|x| (x - 1.34) * (x - 1.34)).collect::<Vec<_>>());
        assert!((variance - 0.26 * 0.26).abs() < 0.003, "{variance}");
        let drawn = many(|r| log_normal(r, 0.65, 0.35));
        assert!((drawn[drawn.len() / 2] - 0.65).abs() < 0.01 && drawn[0] > 0.0);
    }
}
