//! Quantiles by nearest rank: always a value that really occurred, never one between two.

/// The smallest value that at least `percent` of all values do not exceed: number ⌈percent · n / 100⌉ of the
/// sorted values, counting from 1. `None` for no values.
pub(super) fn nearest_rank<T: Copy>(sorted: &[T], percent: usize) -> Option<T> {
    let rank = (percent * sorted.len()).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rank_is_rounded_up() {
        let values = [15, 20, 35, 40, 50];
        assert_eq!(nearest_rank(&values, 5), Some(15));
        assert_eq!(nearest_rank(&values, 40), Some(20));
        assert_eq!(nearest_rank(&values, 41), Some(35));
        assert_eq!(nearest_rank(&values, 50), Some(35));
        assert_eq!(nearest_rank(&values, 95), Some(50));
        assert_eq!(nearest_rank(&values, 100), Some(50));
    }

    #[test]
    fn one_value_is_every_quantile_and_none_has_none() {
        assert_eq!(nearest_rank(&[7], 0), Some(7));
        assert_eq!(nearest_rank(&[7], 95), Some(7));
        assert_eq!(nearest_rank::<u64>(&[], 50), None);
    }
}
