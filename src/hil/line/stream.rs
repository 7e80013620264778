//! An open line: bytes in, bytes out.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_serial::{SerialPort, SerialStream};

/// An open line.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// The operator's terminal: what is typed, and what is shown.
pub fn terminal() -> Box<dyn Stream> {
    Box::new(tokio::io::join(tokio::io::stdin(), tokio::io::stdout()))
}

/// One end of a pseudo-terminal, and a link that leads whoever opens it to the other end. The link goes when
/// this does, and whoever has the other end open then reads its end: as if a cable were unplugged.
#[derive(Debug)]
pub struct Pty {
    master: SerialStream,
    /// Held so that the other end stays while nobody has it open.
    _slave: SerialStream,
    /// The other end's own name.
    name: PathBuf,
    link: PathBuf,
}

/// Whether a path is a link to a pseudo-terminal.
pub(super) fn leads_to_a_pty(path: &Path) -> bool {
    fs::read_link(path).is_ok_and(|to| to.starts_with("/dev/pts"))
}

impl Pty {
    /// Makes a pseudo-terminal and the link to it. A link to a pseudo-terminal that is left over from before
    /// is replaced, and nothing else.
    ///
    /// # Errors
    /// The system has no pseudo-terminals left, or the link cannot be made, perhaps because something else
    /// has its name, such as a real port.
    pub fn new(link: &Path) -> io::Result<Self> {
        let (master, slave) = SerialStream::pair()?;
        let name = slave.name().ok_or_else(|| io::Error::other("the pseudo-terminal has no name"))?;
        if leads_to_a_pty(link) {
            fs::remove_file(link)?;
        } else if fs::symlink_metadata(link).is_ok() {
            let wrong = "something else has this name already, perhaps a real port: choose another";
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, wrong));
        }
        std::os::unix::fs::symlink(&name, link)?;
        Ok(Self { master, _slave: slave, name: name.into(), link: link.to_owned() })
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // Somebody else may have taken the link's name meanwhile, or removed it: neither is ours to mend.
        if fs::read_link(&self.link).is_ok_and(|to| to == self.name) {
            let _ = fs::remove_file(&self.link);
        }
    }
}

impl AsyncRead for Pty {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.master).poll_read(context, buffer)
    }
}

impl AsyncWrite for Pty {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.master).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.master).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.master).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[tokio::test]
    async fn a_link_to_anything_but_a_pseudo_terminal_stays() {
        let folder = tempfile::tempdir().unwrap();
        let port = folder.path().join("usb-port");
        symlink("/dev/ttyUSB7", &port).unwrap();
        let refused = Pty::new(&port).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read_link(&port).unwrap(), Path::new("/dev/ttyUSB7"));
        // What is left over from before is replaced.
        let left = folder.path().join("left-over");
        symlink("/dev/pts/99999", &left).unwrap();
        let pty = Pty::new(&left).unwrap();
        assert_eq!(fs::read_link(&left).unwrap(), pty.name);
        drop(pty);
        assert!(!leads_to_a_pty(&left), "it goes with its pseudo-terminal");
    }

    #[tokio::test]
    async fn who_goes_leaves_the_link_that_somebody_else_has_made() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("gate");
        let first = Pty::new(&link).unwrap();
        let second = Pty::new(&link).unwrap();
        drop(first);
        assert_eq!(fs::read_link(&link).unwrap(), second.name);
    }
}
