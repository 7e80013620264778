//! A cable at work between two open lines.

use super::fault::CableFault;
use super::model::{Cable, Counts, End};
use crate::apb::time::{Span, Time};
use crate::hil::clock::{Clock, duration};
use crate::hil::line::{Pty, Stream};
use std::io;
use std::path::PathBuf;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep, sleep_until};

/// What the host's end of a cable is plugged into.
pub enum Socket {
    /// A pseudo-terminal with a link of this name, which vanishes while the cable is unplugged.
    Pty(PathBuf),
    /// A line that is open already; while the cable is unplugged it carries nothing.
    Open(Box<dyn Stream>),
}

/// The most that is read at once, bytes.
const READS_MAX: usize = 4_096;

/// Carries bytes between the two ends until the device's end closes or `faults` is dropped. What comes
/// through `faults` befalls the cable, timed from then on; `counts` shows what became of the bytes.
///
/// # Errors
/// The host's pseudo-terminal cannot be made.
pub async fn carry(
    mut cable: Cable,
    (mut socket, mut device): (Socket, Box<dyn Stream>),
    clock: Clock,
    mut faults: mpsc::Receiver<CableFault>,
    counts: watch::Sender<Counts>,
) -> io::Result<()> {
    let (mut to_host, mut to_device) = (vec![0; READS_MAX], vec![0; READS_MAX]);
    let mut pty: Option<Pty> = None;
    loop {
        let now = clock.now();
        let unplugged = cable.is_unplugged(now);
        let mut host: Option<&mut dyn Stream> = match &mut socket {
            _ if unplugged => {
                if pty.take().is_some() {
                    cable.clear(End::Host);
                }
                None
            }
            Socket::Pty(link) => {
                if pty.is_none() {
                    pty = Some(Pty::new(link)?);
                }
                pty.as_mut().map(|pty| pty as &mut dyn Stream)
            }
            Socket::Open(stream) => Some(stream.as_mut()),
        };
        for end in End::BOTH {
            let bytes = cable.take(now, end);
            if bytes.is_empty() {
                continue;
            }
            match (end, &mut host) {
                (End::Device, _) => device.write_all(&bytes).await?,
                // Nobody reads it, or not any more: it is lost, as on a wire.
                (End::Host, Some(host)) => drop(host.write_all(&bytes).await),
                (End::Host, None) => {}
            }
        }
        counts.send_replace(cable.counts());
        let due = [cable.next_due(), cable.next_change(now)].into_iter().flatten().min();
        let at = clock.instant(due.unwrap_or(Time::ZERO));
        tokio::select! {
            fault = faults.recv() => match fault {
                Some(fault) => {
                    // Of an idle line, the round began long ago.
                    let now = clock.now();
                    cable.befall(now, CableFault { at: fault.at + now.since(Time::ZERO), ..fault });
                }
                None => return Ok(()),
            },
            read = read(&mut host, &mut to_device) => match read {
                Ok(0) | Err(_) => match &socket {
                    Socket::Pty(_) => {
                        pty = None;
                        sleep(duration(Span::millis(10))).await;
                    }
                    Socket::Open(_) => return Ok(()),
                },
                Ok(count) => cable.put(clock.now(), End::Host, to_device.get(..count).unwrap_or_default()),
            },
            read = device.read(&mut to_host) => match read {
                Ok(0) | Err(_) => return Ok(()),
                Ok(count) => cable.put(clock.now(), End::Device, to_host.get(..count).unwrap_or_default()),
            },
            () = sleep_until(at), if due.is_some() => {}
        }
    }
}

/// Reads from the host's end, if it is plugged in; else waits for ever.
async fn read(host: &mut Option<&mut dyn Stream>, buffer: &mut [u8]) -> io::Result<usize> {
    match host {
        Some(host) => host.read(buffer).await,
        None => std::future::pending().await,
    }
}
