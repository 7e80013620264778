//! Where a line is.

use super::stream::leads_to_a_pty;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// Where one end of a line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A serial port, best by a name that stays the same when it is plugged in again, such as those in
    /// `/dev/serial/by-id`.
    Serial(PathBuf),
    /// A server, `host:port`, that we connect to.
    Tcp(String),
    /// Our own `address:port` that others connect to, one at a time.
    Listen(String),
    /// A pseudo-terminal that we make; a link of this name leads to its other end.
    Pty(PathBuf),
}

impl Address {
    /// Where whoever emulates the other end of this line has to be. Where nothing is plugged in, that is a
    /// pseudo-terminal of the same name; where something is, it is that very port, at the other end of whose
    /// cable somebody asks.
    #[must_use]
    pub fn other_end(&self) -> Self {
        match self {
            Self::Serial(path) if path.exists() && !leads_to_a_pty(path) => self.clone(),
            Self::Serial(path) => Self::Pty(path.clone()),
            Self::Tcp(at) => Self::Listen(at.clone()),
            Self::Listen(at) => Self::Tcp(at.clone()),
            Self::Pty(path) => Self::Serial(path.clone()),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serial(path) => write!(f, "serial:{}", path.display()),
            Self::Tcp(at) => write!(f, "tcp:{at}"),
            Self::Listen(at) => write!(f, "listen:{at}"),
            Self::Pty(path) => write!(f, "pty:{}", path.display()),
        }
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        const EXPECTED: &str = "expected serial:/dev/serial/by-id/NAME, tcp:HOST:PORT, \
                                listen:ADDRESS:PORT or pty:/path/of/a/link";
        let (kind, rest) = text.split_once(':').ok_or(EXPECTED)?;
        let host_and_port = |at: &str| match at.rsplit_once(':') {
            Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => Ok(at.to_owned()),
            _ => Err(format!("`{at}` is no HOST:PORT; {EXPECTED}")),
        };
        match kind {
            _ if rest.is_empty() => Err(EXPECTED.into()),
            "serial" => Ok(Self::Serial(rest.into())),
            "tcp" => host_and_port(rest).map(Self::Tcp),
            "listen" => host_and_port(rest).map(Self::Listen),
            "pty" => Ok(Self::Pty(rest.into())),
            _ => Err(format!("`{kind}` is no kind of line; {EXPECTED}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_read_back() {
        for text in ["serial:/dev/ttyUSB0", "tcp:panel.local:502", "listen:127.0.0.1:5020", "pty:/tmp/gate"] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn the_other_end_of_a_line_is_offered_where_it_is_opened() {
        let other = |text: &str| text.parse::<Address>().unwrap().other_end().to_string();
        assert_eq!(other("tcp:127.0.0.1:502"), "listen:127.0.0.1:502");
        assert_eq!(other("listen:127.0.0.1:502"), "tcp:127.0.0.1:502");
        assert_eq!(other("pty:/tmp/no-such-line"), "serial:/tmp/no-such-line");
        assert_eq!(other("serial:/tmp/no-such-line"), "pty:/tmp/no-such-line");
        assert_eq!(other("serial:/dev/null"), "serial:/dev/null", "something is plugged in");
    }

    #[test]
    fn what_is_wrong_is_said() {
        for text in ["", "serial:", "tcp:nowhere", "tcp:host:99999", "usb:3", "/dev/ttyS0"] {
            assert!(text.parse::<Address>().unwrap_err().contains("expected serial:"), "{text}");
        }
    }
}
