//! The `apbrig` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    apbrig::cli::main()
}
