//! The real command in empty folders: exit codes, files, and what is printed.

mod bad_files;
mod determinism;
mod exits;
mod fixture;
mod interrupt;
mod output;
mod records;
mod shipped;
