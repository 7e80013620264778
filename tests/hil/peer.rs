//! A peer of ours that is another program: it is told things in JSON lines and says things in JSON lines.

use super::pump::PATIENCE;
use super::python::python_with;
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};

/// A script that runs, and what it has said so far.
pub(crate) struct Peer {
    child: Child,
    said: Arc<(Mutex<Vec<Value>>, Condvar)>,
}

impl Peer {
    /// Runs `script`, a path within `tests/hil`, with the packages that `requirements` beside it lists.
    pub(crate) fn new(script: &str, requirements: &str, arguments: &Value) -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hil");
        let script = here.join(script);
        let list = script.with_file_name(requirements);
        let home = list.file_stem().and_then(|stem| stem.to_str()).unwrap();
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers").join(home);
        let python = python_with(&home, &list).unwrap_or_else(|e| panic!("{e}"));
        let mut command = Command::new(python);
        command.arg("-u").arg(&script).arg(arguments.to_string());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let said = Arc::new((Mutex::new(Vec::new()), Condvar::new()));
        let into = Arc::clone(&said);
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                // Libraries print, too.
                if let Ok(value) = serde_json::from_str::<Value>(&line) {
                    into.0.lock().unwrap().push(value);
                    into.1.notify_all();
                }
            }
        });
        Self { child, said }
    }

    /// Tells it something.
    pub(crate) fn tell(&mut self, what: &Value) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{what}").unwrap();
    }

    /// Everything it has said.
    pub(crate) fn said(&self) -> Vec<Value> {
        self.said.0.lock().unwrap().clone()
    }

    /// Waits until it has said something that fits.
    #[track_caller]
    pub(crate) fn wait(&self, what: &str, fits: impl Fn(&[Value]) -> bool) {
        let guard = self.said.0.lock().unwrap();
        let (said, over) = self.said.1.wait_timeout_while(guard, PATIENCE, |said| !fits(said)).unwrap();
        assert!(!over.timed_out(), "waited for {what}; it said {said:?}");
    }

    /// Tells it something and waits for its answer: the next thing it says that has this field.
    #[track_caller]
    pub(crate) fn ask(&mut self, what: &Value, field: &str) -> Value {
        let count = |said: &[Value]| said.iter().filter(|value| value.get(field).is_some()).count();
        let before = count(&self.said());
        self.tell(what);
        self.wait(field, |said| count(said) > before);
        let answers = self.said().into_iter().filter(|value| value.get(field).is_some());
        answers.map(|mut value| value[field].take()).nth(before).unwrap()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
