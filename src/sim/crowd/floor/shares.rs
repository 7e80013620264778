//! Work on many people, in shares for several threads.

/// Fewer people than these are worth no second thread.
const WORTH_IT: usize = 2_500;

/// Writes `work(k)` into every place `k`, with a desk of its own for each thread. Every result depends on its
/// own number only, so the shares change nothing but the time it takes.
pub(super) fn fill<T: Send, D: Default>(
    into: &mut [T],
    threads: usize,
    work: impl Fn(&mut D, usize) -> T + Sync,
) {
    let shares = threads.min(into.len() / WORTH_IT).max(1);
    let size = into.len().div_ceil(shares).max(1);
    let run = |first: usize, places: &mut [T]| {
        let mut desk = D::default();
        for (i, place) in places.iter_mut().enumerate() {
            *place = work(&mut desk, first + i);
        }
    };
    let mut chunks = into.chunks_mut(size).enumerate();
    let Some((_, own)) = chunks.next() else { return };
    std::thread::scope(|scope| {
        for (share, places) in chunks {
            scope.spawn(move || run(share * size, places));
        }
        run(0, own);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_change_nothing() {
        for n in [0, 1, 2_499, 5_000, 12_345] {
            let mut one = vec![0; n];
            let mut four = vec![0; n];
            fill(&mut one, 1, |(), k| k * k);
            fill(&mut four, 4, |(), k| k * k);
            assert_eq!(one, four);
        }
    }
}
