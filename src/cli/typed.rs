//! What is typed at the terminal.

use std::io::BufRead;
use std::sync::mpsc::{self, Receiver};

/// How many lines are kept that nobody has asked for yet; who types more waits.
const LINES_MAX: usize = 16;

/// What is typed, line by line, from a thread of its own: reading waits, and nothing else may meanwhile.
pub(super) fn typed() -> Receiver<String> {
    let (send, receive) = mpsc::sync_channel(LINES_MAX);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                return;
            }
        }
    });
    receive
}
