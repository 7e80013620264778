//! The scenario language from outside: shipped files, malformed files with their diagnostics, fuzzing.

mod expansion;
mod fuzz;
mod malformed;
mod reference;
mod shipped;
