//! Tests of the record on disk.

use super::*;
use crate::record::What;
use crate::record::arbitrary::observations;
use proptest::prelude::*;

fn header() -> Header {
    let sources = vec![SourceFile { path: "hard.ron".into(), text: "(title: \"two\nlines\")".into() }];
    Header::new("hard", 42, Span::millis(10), sources)
}

fn checkpoints(n: u32) -> Vec<Observation> {
    let what = |people| What::Checkpoint { people, hash: 1 };
    (0..n).map(|i| Observation { at: Time(u64::from(i)), what: what(i) }).collect()
}

fn write(observations: &[Observation]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), &header()).unwrap();
    for observation in observations {
        writer.write(observation).unwrap();
    }
    writer.finish(State::Finished, Time(9)).unwrap().0
}

/// Gzips these lines as they are.
fn gzip(lines: &[&str]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    for line in lines {
        writeln!(gzip, "{line}").unwrap();
    }
    gzip.finish().unwrap()
}

fn text(file: &[u8]) -> String {
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).unwrap();
    text
}

/// Everything that can be read, and the error that ended it.
fn read(file: &[u8]) -> (Vec<Observation>, Option<RecordError>) {
    let mut observations = Vec::new();
    let reader = match Reader::new(file) {
        Ok(reader) => reader,
        Err(error) => return (observations, Some(error)),
    };
    for observation in reader {
        match observation {
            Ok(observation) => observations.push(observation),
            Err(error) => return (observations, Some(error)),
        }
    }
    (observations, None)
}

#[test]
fn a_record_reads_back_with_header_and_footer() {
    let file = write(&checkpoints(3));
    let mut reader = Reader::new(&file[..]).unwrap();
    assert_eq!(*reader.header(), header());
    assert_eq!(reader.footer(), None);
    assert_eq!(reader.by_ref().collect::<Result<Vec<_>, _>>().unwrap(), checkpoints(3));
    let footer = reader.footer().unwrap();
    assert_eq!((footer.state, footer.simulated, footer.observations), (State::Finished, Time(9), 3));
    assert!(reader.next().is_none());
}

#[test]
fn the_lines_are_those_of_the_schema() {
    let text = text(&write(&checkpoints(1)));
    let lines: Vec<_> = text.lines().collect();
    assert!(lines[0].starts_with("{\"schema\":\"apbrig.record/1\",\"apbrig\":\""), "{}", lines[0]);
    assert!(lines[0].contains("\"scenario\":\"hard\",\"seed\":42,\"tick_us\":10000,\"sources\":[{\"path\":"));
    assert!(lines[1].starts_with("{\"at\":0,"));
    assert!(lines[2].starts_with("{\"end\":{\"state\":\"finished\",\"simulated_us\":9,\"observations\":1,"));
    assert_eq!(lines.len(), 3);
}

#[test]
fn the_digest_is_the_same_without_a_file() {
    let mut digest = DigestWriter::new();
    let mut writer = Writer::new(Vec::new(), &header()).unwrap();
    for observation in checkpoints(5) {
        digest.observe(&observation);
        writer.write(&observation).unwrap();
    }
    let (_, footer) = writer.finish(State::Aborted, Time(1)).unwrap();
    assert_eq!(footer.digest, digest.finish());
    assert_eq!(footer.state, State::Aborted);
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    assert_eq!(write(&checkpoints(50)), write(&checkpoints(50)));
}

#[test]
fn a_writer_that_was_dropped_leaves_a_record_that_is_cut_off() {
    let mut file = Vec::new();
    let mut writer = Writer::new(&mut file, &header()).unwrap();
    for observation in checkpoints(4) {
        writer.write(&observation).unwrap();
    }
    drop(writer);
    let (observations, error) = read(&file);
    assert_eq!(observations.len(), 4);
    assert!(matches!(error, Some(RecordError::Truncated { observations: 4 })), "{error:?}");
}

#[test]
fn what_was_flushed_survives_a_kill() {
    let mut writer = Writer::new(Vec::new(), &header()).unwrap();
    for observation in checkpoints(100) {
        writer.write(&observation).unwrap();
    }
    writer.flush().unwrap();
    let file = writer.gzip.get_ref().clone();
    let (observations, error) = read(&file);
    assert_eq!(observations, checkpoints(100));
    assert!(matches!(error, Some(RecordError::Truncated { observations: 100 })), "{error:?}");
}

#[test]
fn another_schema_is_named_with_its_version() {
    let file = gzip(&["{\"schema\":\"apbrig.record/2\",\"apbrig\":\"9.1.0\",\"more\":true}"]);
    let error = read(&file).1.unwrap();
    assert!(matches!(error, RecordError::Schema { .. }), "{error}");
    assert!(error.to_string().contains("read it with apbrig 9.1.0"), "{error}");
}

#[test]
fn other_files_are_no_records() {
    for file in [b"not gzip at all, just text".to_vec(), gzip(&["{\"name\":1}"]), gzip(&["csv;file"])] {
        let error = read(&file).1.unwrap();
        assert!(matches!(error, RecordError::NotARecord(_)), "{error:?}");
    }
    assert!(matches!(read(b"").1, Some(RecordError::Truncated { observations: 0 })));
}

#[test]
fn a_malformed_line_is_named() {
    let text = text(&write(&checkpoints(3)));
    let mut lines: Vec<_> = text.lines().collect();
    lines[2] = "{\"at\":\"noon\"}";
    let (observations, error) = read(&gzip(&lines));
    assert_eq!(observations.len(), 1);
    assert!(matches!(error, Some(RecordError::Malformed { line: 3, .. })), "{error:?}");
}

#[test]
fn a_changed_observation_breaks_the_digest() {
    let text = text(&write(&checkpoints(3))).replace("\"people\":1", "\"people\":7");
    let (observations, error) = read(&gzip(&text.lines().collect::<Vec<_>>()));
    assert_eq!(observations.len(), 3);
    assert!(matches!(error, Some(RecordError::Digest { .. })), "{error:?}");
}

#[test]
fn a_missing_observation_is_counted() {
    let text = text(&write(&checkpoints(3)));
    let mut lines: Vec<_> = text.lines().collect();
    lines.remove(1);
    let error = read(&gzip(&lines)).1;
    assert!(matches!(error, Some(RecordError::Count { expected: 3, found: 2 })), "{error:?}");
}

#[test]
fn nothing_may_follow_the_footer() {
    let file = write(&checkpoints(3));
    let mut with_bytes = file.clone();
    with_bytes.extend_from_slice(b"more");
    let text = text(&file);
    let mut lines: Vec<_> = text.lines().collect();
    lines.push("{}");
    for file in [with_bytes, gzip(&lines)] {
        assert!(matches!(read(&file).1, Some(RecordError::Trailing { line: 5 })));
    }
}

#[test]
fn a_flipped_bit_is_noticed() {
    let file = write(&checkpoints(20));
    for at in (10..file.len()).step_by(7) {
        let mut damaged = file.clone();
        damaged[at] ^= 0x10;
        assert!(read(&damaged).1.is_some(), "byte {at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_observations_read_back(observations in observations()) {
        let (found, error) = read(&write(&observations));
        prop_assert!(error.is_none(), "{error:?}");
        prop_assert_eq!(found, observations);
    }

    #[test]
    fn any_cut_is_reported_and_reads_up_to_it(observations in observations(), per_mille in 0usize..1_000) {
        let file = write(&observations);
        let (found, error) = read(&file[..file.len() * per_mille / 1_000]);
        prop_assert!(matches!(error, Some(RecordError::Truncated { observations })
            if observations == found.len() as u64), "{error:?}");
        prop_assert_eq!(&found[..], &observations[..found.len()]);
    }

    #[test]
    fn any_bytes_are_an_error_not_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(read(&bytes).1.is_some());
    }
}
