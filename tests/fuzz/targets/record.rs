//! The record's codec: any bytes are a record or an error, and what was read can be written and read again.

use apbrig::apb::time::Time;
use apbrig::record::{Header, Observation, Reader, State, Writer};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// Reads bytes as a record file, and as the lines within one.
pub(crate) fn record(bytes: &[u8]) {
    read(bytes);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::none());
    let packed = gzip.write_all(bytes).and_then(|()| gzip.finish());
    let Some((header, observations)) = packed.ok().and_then(|packed| read(&packed)) else { return };
    let mut written = Writer::new(Vec::new(), &header).expect("memory takes everything");
    for observation in &observations {
        written.write(observation).expect("memory takes everything");
    }
    let (file, _) = written.finish(State::Finished, Time::ZERO).expect("memory takes everything");
    let mut again = Reader::new(&file[..]).expect("what was written can be read");
    let read: Result<Vec<Observation>, _> = again.by_ref().collect();
    assert_eq!(read.expect("what was written can be read"), observations);
    assert_eq!((again.header(), again.footer().is_some()), (&header, true));
}

/// All that can be read before an error; an error has something to say.
fn read(file: &[u8]) -> Option<(Header, Vec<Observation>)> {
    let mut reader = match Reader::new(file) {
        Ok(reader) => reader,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return None;
        }
    };
    let mut observations = Vec::new();
    for step in reader.by_ref() {
        match step {
            Ok(observation) => observations.push(observation),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    assert!(reader.next().is_none(), "nothing comes after the end");
    Some((reader.header().clone(), observations))
}
