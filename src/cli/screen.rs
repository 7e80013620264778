//! Printing: results to standard output, everything else to standard error, colour where a terminal can show
//! it.

use crate::scenario::Diagnostics;
use anstream::{AutoStream, ColorChoice};
use std::io::{self, Write};

/// Prints to standard output. A reader that has gone away is no error.
pub(super) fn say(text: &str) {
    let _ = writeln!(anstream::stdout().lock(), "{}", text.trim_end());
}

/// Prints to standard error.
pub(super) fn complain(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{}", text.trim_end());
}

/// Prints what is wrong with a file to standard error, an empty line after it.
pub(super) fn complain_of(diagnostics: &Diagnostics) {
    complain(&diagnostics.render(stderr_has_colour()));
    let _ = writeln!(anstream::stderr().lock());
}

/// Whether standard output shows colour.
pub(super) fn stdout_has_colour() -> bool {
    AutoStream::choice(&io::stdout()) != ColorChoice::Never
}

/// Whether standard error shows colour.
fn stderr_has_colour() -> bool {
    AutoStream::choice(&io::stderr()) != ColorChoice::Never
}
