//! A log against the controller.

use super::rows::{Log, Row, Told};
use crate::apb::id::CardNumber;
use crate::apb::input::Factor;
use crate::oracle::answers::Oracle;
use crate::oracle::stream::{Answers, Stopped};
use std::io::Write;

/// After so many rows progress is told.
const TOLD_EACH: u64 = 4_096;

/// Decides every row of a log as a read. A reader that the site does not have is an error unless
/// [`Options::skip_unknown_readers`](crate::oracle::Options) says otherwise; a credential that it does not
/// have is decided as unknown, and counted. Second factors count as right: logs do not tell of
/// them. Rows without credential and holder are passed over. `progress` hears now and then how many bytes
/// have been read.
///
/// # Errors
/// A row that makes no sense, or a failure to read or write; what was decided before has been written.
pub fn replay(
    oracle: &mut Oracle,
    log: &mut Log,
    out: impl Write,
    mut progress: impl FnMut(u64),
) -> Result<(), Stopped> {
    let mut answers = Answers::new(out);
    let mut rows = 0_u64;
    let end = loop {
        if rows.is_multiple_of(TOLD_EACH) {
            progress(log.bytes());
        }
        let row = match log.next() {
            Ok(Some(row)) => row,
            Ok(None) => break Ok(()),
            Err(stopped) => break Err(stopped),
        };
        rows += 1;
        let number = row.line;
        if let Err(what) = one(oracle, &row, &mut answers.text) {
            break Err(Stopped::Line { number, what });
        }
        answers.relieve()?;
    };
    if end.is_ok() {
        oracle.state(&mut answers.text);
    }
    answers.write()?;
    end
}

fn one(oracle: &mut Oracle, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), String> {
    oracle.check_order(row.at).map_err(|error| format!("{error}, or give --sort"))?;
    let reader = match oracle.names().reader(row.reader, oracle.site()) {
        Ok(reader) => reader,
        Err(_) if oracle.options().skip_unknown_readers => {
            oracle.tally_mut().into_iter().for_each(|tally| tally.note_foreign_row(row.reader));
            return Ok(());
        }
        Err(error) => {
            return Err(format!("{error} (to pass over such rows: --skip-unknown-readers)"));
        }
    };
    let Some((card, stranger)) = presented(oracle, row) else {
        if let Some(tally) = oracle.tally_mut() {
            tally.bare_rows += 1;
        }
        return Ok(());
    };
    let is_other = is_other_holder(oracle, row, card);
    let granted = oracle.read(row.at, (reader, card, Factor::Right), (stranger, Some(row.line)), out);
    let Some(tally) = oracle.tally_mut() else { return Ok(()) };
    tally.other_holders += u64::from(is_other);
    match row.result {
        Told::Nothing => {}
        Told::Unclear => tally.compare(granted, None),
        Told::Outcome(there) => tally.compare(granted, Some(there)),
    }
    Ok(())
}

/// What a row presents: its credential, or else the first one of its holder.
fn presented<'r>(oracle: &Oracle, row: &Row<'r>) -> Option<(CardNumber, Option<&'r str>)> {
    if !row.credential.is_empty() {
        return Some(oracle.card(row.credential));
    }
    if row.holder.is_empty() {
        return None;
    }
    let site = oracle.site();
    let holder = oracle.names().holder_named(row.holder);
    let first = holder.and_then(|h| site.credentials_of(h).first());
    let card = first.and_then(|c| site.credentials.get(c.index())).map(|c| c.number);
    Some(card.map_or((oracle.names().stranger(), Some(row.holder)), |card| (card, None)))
}

/// Whether the log says that a credential is another holder's than the site does.
fn is_other_holder(oracle: &Oracle, row: &Row<'_>, card: CardNumber) -> bool {
    let site = oracle.site();
    let holder = site.issued(card).and_then(|issued| site.holders.get(issued.holder.index()));
    !row.holder.is_empty() && holder.is_some_and(|holder| holder.name != row.holder)
}
