//! Decay by distance, without a branch and the same on every machine.

use wide::f32x4;

/// As good as the exponential: the limit of (1 - x/n)^n, taken at this n, a power of two.
const N: f32 = 64.0;
const SQUARES: u32 = 6;

/// One at nothing and below, and smaller by a factor of e for every one more: within 7 % as long as more than
/// a twentieth is left, and nothing from 64 on.
#[inline]
pub(super) fn decay4(x: f32x4) -> f32x4 {
    let mut left = (f32x4::ONE - x.fast_max(f32x4::ZERO) * f32x4::splat(1.0 / N)).fast_max(f32x4::ZERO);
    for _ in 0..SQUARES {
        left *= left;
    }
    left
}

/// The same of one number.
#[inline]
pub(super) fn decay(x: f32) -> f32 {
    let mut left = (1.0 - x.max(0.0) * (1.0 / N)).max(0.0);
    for _ in 0..SQUARES {
        left *= left;
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_decays_as_the_exponential_does() {
        for i in 0..300 {
            let x = i as f32 / 100.0;
            let exact = libm::expf(-x);
            assert!((decay(x) - exact).abs() <= 0.07 * exact, "{x}: {} is not {exact}", decay(x));
            assert_eq!(decay4(f32x4::splat(x)).to_array(), [decay(x); 4]);
        }
        assert_eq!((decay(0.0), decay(-3.0), decay(1e9)), (1.0, 1.0, 0.0));
    }
}
