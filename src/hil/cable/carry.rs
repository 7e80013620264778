//! A cable at work between two open lines.

use super::fault::CableFault;
use super::model::{Cable, Counts, End};
use crate::apb::time::{Span, Time};
use crate::hil::clock::{Clock, duration};
use crate::hil::line::{Pty, Stream};
use std::io;
use std::path::PathBuf;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep, sleep_until};

/// What the host's end of a cable is plugged into.
pub enum Socket {
    /// A pseudo-terminal with a link of this name, which vanishes while the cable is unplugged.
    Pty(PathBuf),
    /// An `address:port` that hosts connect to, one at a time; while the cable is unplugged nobody can, and
    /// whoever was is disconnected.
    Listen(String),
    /// A line that is open already; while the cable is unplugged it carries nothing.
    Open(Box<dyn Stream>),
}

/// The host's end of a cable.
struct HostEnd {
    socket: Socket,
    /// What is plugged in, where that comes and goes.
    plugged: Option<Box<dyn Stream>>,
    listener: Option<TcpListener>,
}

impl HostEnd {
    /// Pulls it out; whether there was something.
    fn unplug(&mut self) -> bool {
        self.listener = None;
        self.plugged.take().is_some()
    }

    /// Offers what a host can open.
    async fn plug_in(&mut self) -> io::Result<()> {
        match &self.socket {
            Socket::Pty(link) if self.plugged.is_none() => self.plugged = Some(Box::new(Pty::new(link)?)),
            Socket::Listen(address) if self.listener.is_none() => {
                self.listener = Some(TcpListener::bind(address).await?);
            }
            Socket::Pty(_) | Socket::Listen(_) | Socket::Open(_) => {}
        }
        Ok(())
    }

    fn stream(&mut self) -> Option<&mut dyn Stream> {
        match &mut self.socket {
            Socket::Open(stream) => Some(stream.as_mut()),
            Socket::Pty(_) | Socket::Listen(_) => self.plugged.as_mut().map(|s| s as &mut dyn Stream),
        }
    }

    /// Bytes from the host, once there is one; none: it has gone.
    async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let (None, Some(listener)) = (&self.plugged, &self.listener) {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            self.plugged = Some(Box::new(stream));
        }
        match self.stream() {
            Some(stream) => stream.read(buffer).await,
            None => std::future::pending().await,
        }
    }
}

/// The most that is read at once, bytes.
const READS_MAX: usize = 4_096;

/// Carries bytes between the two ends until the device's end closes or `faults` is dropped. What comes
/// through `faults` befalls the cable, timed from then on; `counts` shows what became of the bytes.
///
/// # Errors
/// The host's pseudo-terminal cannot be made, or its address is taken.
pub async fn carry(
    mut cable: Cable,
    (socket, mut device): (Socket, Box<dyn Stream>),
    clock: Clock,
    mut faults: mpsc::Receiver<CableFault>,
    counts: watch::Sender<Counts>,
) -> io::Result<()> {
    let (mut to_host, mut to_device) = (vec![0; READS_MAX], vec![0; READS_MAX]);
    let mut host = HostEnd { socket, plugged: None, listener: None };
    loop {
        let now = clock.now();
        let unplugged = cable.is_unplugged(now);
        if unplugged {
            if host.unplug() {
                cable.clear(End::Host);
            }
        } else {
            host.plug_in().await?;
        }
        for end in End::BOTH {
            let bytes = cable.take(now, end);
            if bytes.is_empty() {
                continue;
            }
            match (end, host.stream()) {
                (End::Device, _) => device.write_all(&bytes).await?,
                // Nobody reads it, or not any more: it is lost, as on a wire.
                (End::Host, Some(stream)) if !unplugged => drop(stream.write_all(&bytes).await),
                (End::Host, _) => {}
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
            read = host.read(&mut to_device), if !unplugged => match read {
                Ok(0) | Err(_) => {
                    if let Socket::Open(_) = host.socket {
                        return Ok(());
                    }
                    host.plugged = None;
                    sleep(duration(Span::millis(10))).await;
                }
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
