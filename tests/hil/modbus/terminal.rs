//! A pseudo-terminal: one end for us, a path for somebody else.

use crate::modbus::pump::Pump;
use apbrig::hil::Driver;
use apbrig::hil::cable::End;
use std::fs::File;
use std::sync::Mutex;
use std::sync::mpsc::channel;
use tokio_serial::{SerialPort, SerialStream};

/// Held while a terminal is made, and while a process is started: a new process would inherit the end that is
/// about to be closed, and the lock on it.
pub(crate) static STARTING: Mutex<()> = Mutex::new(());

/// Runs a driver on a new pseudo-terminal; yields the path of its other end.
pub(crate) fn on_terminal<D>(driver: D, own: End) -> (Pump<D::In, D::Out>, String)
where
    D: Driver + 'static,
    D::In: Send + 'static,
    D::Out: Send + std::fmt::Debug + 'static,
{
    let (sender, path) = channel();
    let pump = Pump::new(driver, own, move || async move {
        let (ours, path) = pair();
        sender.send(path).unwrap();
        ours
    });
    (pump, path.recv().unwrap())
}

fn pair() -> (SerialStream, String) {
    let _guard = STARTING.lock().unwrap();
    let (ours, theirs) = SerialStream::pair().unwrap();
    let path = theirs.name().unwrap();
    // Held open to the end: a terminal whose other end nobody holds is gone. As a plain file, because a port
    // that was opened as one keeps its lock.
    std::mem::forget(File::options().read(true).write(true).open(&path).unwrap());
    (ours, path)
}
