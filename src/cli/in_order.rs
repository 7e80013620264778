//! Work on several threads, heard of in order.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;

/// Does the work of every number on at most so many threads, for as long as `goes_on` says so; `each` hears
/// what came of them in order. A number whose work has begun is always heard of, unless that panics.
pub(super) fn in_order<T: Send>(
    numbers: Range<u64>,
    threads: usize,
    goes_on: impl Fn() -> bool + Sync,
    work: impl Fn(u64) -> T + Sync,
    mut each: impl FnMut(u64, T),
) {
    let next = AtomicU64::new(numbers.start);
    let step = |number| (number < numbers.end).then(|| number + 1);
    // Nobody takes a number without doing its work: whoever waits for the number would wait for ever.
    let take = || goes_on().then(|| next.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step).ok())?;
    let count = usize::try_from(numbers.end.saturating_sub(numbers.start)).unwrap_or(usize::MAX);
    let (send, receive) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads.min(count) {
            let (send, take, work) = (send.clone(), &take, &work);
            scope.spawn(move || {
                while let Some(number) = take() {
                    if send.send((number, work(number))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        let mut waiting = BTreeMap::new();
        let mut told = numbers.start;
        for (number, done) in receive {
            waiting.insert(number, done);
            while let Some(done) = waiting.remove(&told) {
                each(told, done);
                told += 1;
            }
        }
        waiting.into_iter().for_each(|(number, done)| each(number, done));
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    /// What is told of this work, by so many threads.
    fn told(numbers: Range<u64>, threads: usize, goes_on: impl Fn() -> bool + Sync) -> Vec<(u64, u64)> {
        let mut told = Vec::new();
        in_order(numbers, threads, goes_on, |n| n.wrapping_mul(3), |n, done| told.push((n, done)));
        told
    }

    #[test]
    fn everything_is_told_once_and_in_order() {
        let all: Vec<_> = (5..200).map(|n| (n, n * 3)).collect();
        assert_eq!(told(5..200, 1, || true), all);
        assert_eq!(told(5..200, 7, || true), all);
        assert_eq!(told(5..5, 3, || true), []);
        assert_eq!(told(5..9, 3, || false), []);
    }

    #[test]
    fn the_last_number_there_is_does_not_begin_anew() {
        assert_eq!(told(u64::MAX - 1..u64::MAX, 4, || true).len(), 1);
    }

    #[test]
    fn a_thread_that_stops_takes_no_number_with_it() {
        let asked = AtomicU64::new(0);
        let all: Vec<_> = (0..50).map(|n| (n, n * 3)).collect();
        assert_eq!(told(0..50, 2, || asked.fetch_add(1, Ordering::Relaxed) != 1), all);
    }

    #[test]
    fn a_work_that_panics_hides_nothing_that_comes_after_it() {
        let mut told = Vec::new();
        let work = |n| {
            assert_ne!(n, 1, "this work panics");
            n
        };
        let ended = catch_unwind(AssertUnwindSafe(|| in_order(0..5, 2, || true, work, |n, _| told.push(n))));
        assert!(ended.is_err());
        assert_eq!(told, [0, 2, 3, 4]);
    }
}
