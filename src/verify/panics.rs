//! Panics as values: whoever checks others must not fall with them.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    /// Whether this thread catches its panics itself.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
    /// The last panic of this thread while it was guarded.
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Does something; if it panics, says where and why instead of printing it.
///
/// # Errors
/// The place and the message of the panic.
pub fn guarded<T>(act: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if GUARDED.get() {
                let place =
                    info.location().map_or_else(String::new, |l| format!("{}:{}: ", l.file(), l.line()));
                let message = info.payload_as_str().unwrap_or("a panic without a message");
                LAST.set(format!("{place}{message}"));
            } else {
                others(info);
            }
        }));
    });
    let before = GUARDED.replace(true);
    let done = panic::catch_unwind(AssertUnwindSafe(act));
    GUARDED.set(before);
    done.map_err(|_| LAST.take())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_message_with_its_place() {
        let caught = guarded(|| -> u8 { panic!("no {}", 7) });
        let what = caught.unwrap_err();
        assert!(what.contains("src/verify/panics.rs:") && what.ends_with(": no 7"), "{what}");
        assert_eq!(guarded(|| 5), Ok(5));
    }
}
