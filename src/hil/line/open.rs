//! Opening a line, and saying plainly why it cannot be opened.

use super::address::Address;
use super::settings::{Parity, Settings};
use super::stream::{Pty, Stream};
use socket2::{SockRef, TcpKeepalive};
use std::io;
use std::path::Path;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio_serial::{SerialPort, SerialPortBuilderExt, SerialStream};

/// How long a server may take to take a connection. Assumed: a board on the same network answers in
/// milliseconds, a dead one never.
const CONNECTS_WITHIN: Duration = Duration::from_secs(3);

/// A connection on which nothing arrives for so long is asked whether it still stands.
const ASKS_AFTER: Duration = Duration::from_secs(3);

/// How often it is asked then.
const ASKS_EVERY: Duration = Duration::from_secs(1);

/// A connection whose far end takes nothing, and does not answer when asked, for so long is gone. Assumed:
/// longer than a switch takes to restart a port, shorter than somebody waits who has plugged the cable in
/// again.
const GONE_AFTER: Duration = Duration::from_secs(10);

/// Opens one line as often as need be.
pub struct Opener {
    from: Source,
    settings: Settings,
}

/// Where the next line comes from.
enum Source {
    /// It is opened; of those that others connect to, what listens is kept from one to the next.
    Address(Address, Option<TcpListener>),
    /// It is open already, once.
    Given(Option<Box<dyn Stream>>),
}

/// A line that has just been opened.
pub struct Opened {
    /// The line.
    pub stream: Box<dyn Stream>,
    /// What is not as it was asked for, in plain words.
    pub remarks: Vec<String>,
}

impl Opener {
    /// Opens nothing yet.
    pub fn new(address: Address, settings: Settings) -> Self {
        Self { from: Source::Address(address, None), settings }
    }

    /// A line that is open already. When it goes, it does not come back.
    pub fn given(stream: Box<dyn Stream>, settings: Settings) -> Self {
        Self { from: Source::Given(Some(stream)), settings }
    }

    /// Opens the line; of a line that others connect to, waits until somebody does.
    ///
    /// # Errors
    /// Why it cannot be opened now and what to do about it, in plain words.
    pub async fn open(&mut self) -> Result<Opened, String> {
        let whole = |stream| Opened { stream, remarks: Vec::new() };
        let (address, listener) = match &mut self.from {
            Source::Address(address, listener) => (address, listener),
            Source::Given(stream) => {
                return stream.take().map(whole).ok_or_else(|| "the line is gone".into());
            }
        };
        match address {
            Address::Serial(path) => serial(path, &self.settings),
            Address::Tcp(at) => connect(at).await.map(whole),
            Address::Listen(at) => accept(listener, at).await.map(whole),
            Address::Pty(link) => match Pty::new(link) {
                Ok(pty) => Ok(whole(Box::new(pty))),
                Err(error) => Err(format!("no pseudo-terminal at {}: {error}", link.display())),
            },
        }
    }
}

fn serial(path: &Path, settings: &Settings) -> Result<Opened, String> {
    let name = path.to_string_lossy();
    let parity = match settings.parity {
        Parity::None => tokio_serial::Parity::None,
        Parity::Even => tokio_serial::Parity::Even,
        Parity::Odd => tokio_serial::Parity::Odd,
    };
    let stop_bits =
        if settings.two_stop_bits { tokio_serial::StopBits::Two } else { tokio_serial::StopBits::One };
    let builder = tokio_serial::new(name.as_ref(), settings.baud)
        .data_bits(tokio_serial::DataBits::Eight)
        .parity(parity)
        .stop_bits(stop_bits);
    let port = builder.open_native_async().map_err(|error| refused(path, &error))?;
    let remarks = differences(&port, settings, (parity, stop_bits));
    Ok(Opened { stream: Box::new(port), remarks })
}

/// What the port did not take over. Pseudo-terminals ignore parity, some drivers a baud rate.
fn differences(
    port: &SerialStream,
    settings: &Settings,
    (parity, stop_bits): (tokio_serial::Parity, tokio_serial::StopBits),
) -> Vec<String> {
    let mut remarks = Vec::new();
    let mut check = |what: &str, wanted: String, is: Option<String>| {
        if let Some(is) = is.filter(|is| *is != wanted) {
            remarks.push(format!("the port does not take {what} {wanted}: it reads back {is}"));
        }
    };
    check("baud", settings.baud.to_string(), port.baud_rate().ok().map(|b| b.to_string()));
    check("parity", parity.to_string(), port.parity().ok().map(|p| p.to_string()));
    check("stop bits", stop_bits.to_string(), port.stop_bits().ok().map(|s| s.to_string()));
    remarks
}

/// Why a serial port cannot be opened.
fn refused(path: &Path, error: &tokio_serial::Error) -> String {
    let shown = path.display();
    if !path.exists() {
        let there = ports();
        let there = if there.is_empty() { "no serial port is there".into() } else { there.join(", ") };
        return format!("{shown} is not there: unplugged, or another name; there are: {there}");
    }
    match std::fs::OpenOptions::new().read(true).write(true).open(path).map_err(|e| e.kind()) {
        Err(io::ErrorKind::PermissionDenied) => format!(
            "{shown} may not be opened: add yourself to the group that owns it (often dialout or uucp) and \
             log in again"
        ),
        _ if error.kind() == tokio_serial::ErrorKind::NoDevice => {
            format!("{shown} is in use by another program: close it there first ({error})")
        }
        _ => format!("{shown} cannot be opened as a serial port: {error}"),
    }
}

/// The serial ports of this machine, by the names to use: stable ones where there are any.
pub fn ports() -> Vec<String> {
    let stable = std::fs::read_dir("/dev/serial/by-id").into_iter().flatten().flatten();
    let mut names: Vec<String> = stable.map(|entry| entry.path().display().to_string()).collect();
    if names.is_empty() {
        let found = tokio_serial::available_ports().unwrap_or_default();
        names = found.into_iter().map(|port| port.port_name).collect();
    }
    names.sort();
    names
}

async fn connect(at: &str) -> Result<Box<dyn Stream>, String> {
    let connected = tokio::time::timeout(CONNECTS_WITHIN, TcpStream::connect(at)).await;
    let stream = match connected {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => {
            return Err(format!("nobody listens at {at}: is it switched on, and is the port right?"));
        }
        Ok(Err(error)) => return Err(format!("{at} cannot be reached: {error}")),
        Err(_) => {
            return Err(format!("{at} does not answer within {} s", CONNECTS_WITHIN.as_secs()));
        }
    };
    supervise(&stream).map_err(|error| format!("{at}: {error}"))?;
    Ok(Box::new(stream))
}

/// Sees to it that a connection is quick, and that it ends when its far end is gone without a word: left to
/// itself it would stand for hours where nothing is sent, and for a quarter of an hour where something is.
fn supervise(stream: &TcpStream) -> io::Result<()> {
    // Frames are short and answers are waited for: holding them back to save packets only costs time.
    stream.set_nodelay(true)?;
    let socket = SockRef::from(stream);
    socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(ASKS_AFTER).with_interval(ASKS_EVERY))?;
    #[cfg(target_os = "linux")]
    socket.set_tcp_user_timeout(Some(GONE_AFTER))?;
    Ok(())
}

async fn accept(listener: &mut Option<TcpListener>, at: &str) -> Result<Box<dyn Stream>, String> {
    let held = match listener.take() {
        Some(held) => held,
        None => TcpListener::bind(at).await.map_err(|error| format!("cannot listen at {at}: {error}"))?,
    };
    let accepted = held.accept().await;
    *listener = Some(held);
    let (stream, _) = accepted.map_err(|error| format!("listening at {at}: {error}"))?;
    supervise(&stream).map_err(|error| format!("{at}: {error}"))?;
    Ok(Box::new(stream))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_connection_whose_far_end_is_gone_without_a_word_ends_by_itself() {
        let mut listener = Some(TcpListener::bind("127.0.0.1:0").await.unwrap());
        let at = listener.as_ref().unwrap().local_addr().unwrap();
        let (far, near) = tokio::join!(accept(&mut listener, "here"), TcpStream::connect(at));
        far.unwrap();
        let near = near.unwrap();
        supervise(&near).unwrap();
        let socket = SockRef::from(&near);
        assert!(socket.keepalive().unwrap() && socket.tcp_nodelay().unwrap());
        assert_eq!(socket.tcp_keepalive_time().unwrap(), ASKS_AFTER);
        #[cfg(target_os = "linux")]
        assert_eq!(socket.tcp_user_timeout().unwrap(), Some(GONE_AFTER));
    }
}
