//! Decay by distance, without a branch and the same on every machine.

/// Adding this to a number of moderate size rounds it to a whole one, which the last bits then hold.
const ROUND: f32 = 12_582_912.0;

/// One at nothing and below, and smaller by a factor of e for every one more. Arithmetic only, so that it is
/// the same on every machine; off by less than one in ten thousand.
#[inline]
pub(super) fn decay(x: f32) -> f32 {
    let t = (-x * std::f32::consts::LOG2_E).clamp(-100.0, 0.0);
    let rounded = t + ROUND;
    let rest = (t - (rounded - ROUND)) * std::f32::consts::LN_2;
    let series = 1.0 + rest * (1.0 + rest * (0.5 + rest * (1.0 / 6.0 + rest * (1.0 / 24.0))));
    // The whole part becomes the exponent, of which 127 stands for one.
    f32::from_bits(rounded.to_bits().wrapping_add(127) << 23) * series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_decays_as_the_exponential_does() {
        for i in 0..900 {
            let x = i as f32 / 20.0;
            let exact = libm::expf(-x);
            assert!((decay(x) - exact).abs() <= 1e-4 * exact, "{x}: {} is not {exact}", decay(x));
        }
        assert_eq!((decay(0.0), decay(-3.0)), (1.0, 1.0));
        assert!(decay(1e9) < 1e-20);
    }
}
