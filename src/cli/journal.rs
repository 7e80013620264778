//! `apbrig journal`: whether a live controller's journal is what was written, and what it says.

use super::args::{Journal, JournalShow, JournalVerify};
use super::exit::Exit;
use super::screen::{complain, say};
use crate::store::{Reader, StoreError, Verified};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;

pub(super) fn journal(args: &Journal) -> Exit {
    let done = match args {
        Journal::Verify(args) => verify(args),
        Journal::Show(args) => show(args),
    };
    done.unwrap_or_else(|error| {
        complain(&format!("error: {error}"));
        if error.is_tampering() { Exit::Failed } else { Exit::Usage }
    })
}

fn verify(args: &JournalVerify) -> Result<Exit, StoreError> {
    let reader = Reader::open(&args.file)?;
    let bar = bar();
    let verified = reader.verify(args.expect_hash, |done, of| {
        bar.set_length(of);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    say(&sound(&args.file, &verified?));
    Ok(Exit::Passed)
}

/// Shown on a terminal only.
fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    let style = ProgressStyle::with_template("entry {human_pos} of {human_len} {bar:30} {eta} left");
    style.map_or(bar.clone(), |style| bar.with_style(style))
}

fn sound(file: &Path, verified: &Verified) -> String {
    let Verified { site, entries, span, hash, proved } = verified;
    let span = span.map_or_else(String::new, |(first, last)| format!(", from {first} to {last}"));
    let proved = proved.map_or_else(String::new, |proved| {
        let after = entries - proved;
        format!("\nthe noted hash stands after {proved} entries: they are unchanged; {after} came later")
    });
    format!(
        "ok    {}: {entries} entries of the site `{site}`{span}\nlast hash {hash}{proved}",
        file.display()
    )
}

fn show(args: &JournalShow) -> Result<Exit, StoreError> {
    let to = args.to.unwrap_or(u64::MAX);
    if to < args.from {
        complain(&format!("error: --from {} is after --to {to}; no entry lies between them", args.from));
        return Ok(Exit::Usage);
    }
    let mut out = BufWriter::new(io::stdout().lock());
    let mut trouble = None;
    Reader::open(&args.file)?.entries(args.from..=to, |stored| {
        let line = serde_json::to_writer(&mut out, &stored).map_err(io::Error::from);
        match line.and_then(|()| out.write_all(b"\n")) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                trouble = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    match trouble.or_else(|| out.flush().err()) {
        // Whoever read along has seen enough.
        Some(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            complain(&format!("error: cannot write the entries: {error}"));
            Ok(Exit::Usage)
        }
        Some(_) | None => Ok(Exit::Passed),
    }
}
