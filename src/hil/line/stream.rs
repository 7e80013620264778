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
    link: PathBuf,
}

impl Pty {
    /// Makes a pseudo-terminal and the link to it. A link that is left over from before is replaced.
    ///
    /// # Errors The system has no pseudo-terminals left, or the link cannot be made, perhaps because
    /// something else has its name.
    pub fn new(link: &Path) -> io::Result<Self> {
        let (master, slave) = SerialStream::pair()?;
        let name = slave.name().ok_or_else(|| io::Error::other("the pseudo-terminal has no name"))?;
        if fs::symlink_metadata(link).is_ok_and(|m| m.file_type().is_symlink()) {
            fs::remove_file(link)?;
        }
        std::os::unix::fs::symlink(&name, link)?;
        Ok(Self { master, _slave: slave, link: link.to_owned() })
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // Somebody else may have taken the name meanwhile, or removed it: neither is ours to mend.
        let _ = fs::remove_file(&self.link);
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
