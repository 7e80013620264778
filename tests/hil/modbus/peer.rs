//! A program on the other end of a line that is spoken to by its standard input and output.

use crate::modbus::terminal::STARTING;
use crate::python::python_with;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Longer than anything takes on a machine that has other things to do.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Peer {
    child: Child,
    input: ChildStdin,
    lines: Receiver<String>,
}

impl Peer {
    /// One of the scripts beside this file, with these arguments.
    pub(crate) fn new(script: &str, args: &[&str]) -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hil/modbus");
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pymodbus");
        let python = python_with(&home, &here.join("requirements.txt")).unwrap_or_else(|e| panic!("{e}"));
        let mut command = Command::new(python);
        command.arg(here.join(script)).args(args).stdin(Stdio::piped()).stdout(Stdio::piped());
        let guard = STARTING.lock().unwrap();
        let mut child = command.spawn().unwrap();
        drop(guard);
        let (sender, lines) = channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let input = child.stdin.take().unwrap();
        Self { child, input, lines }
    }

    pub(crate) fn tell(&mut self, line: &str) {
        writeln!(self.input, "{line}").unwrap();
    }

    /// The next line it says.
    pub(crate) fn line(&mut self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("it says something")
    }

    /// What it answers to a line.
    pub(crate) fn ask(&mut self, line: &str) -> String {
        self.tell(line);
        self.line()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
