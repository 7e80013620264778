//! Stable words: what the journal writes and what people read are the same.

use apbrig::apb::journal::{Alarm, AlertCause, Cause, Reason};
use apbrig::apb::policy::Rule;
use serde::de::DeserializeOwned;
use serde_json::{Value, from_value, json, to_value};

/// The words under which a type is written, all of them: the reader lists them when it meets another.
fn words<T: DeserializeOwned>() -> Vec<String> {
    let error = from_value::<T>(json!("no such word")).err().expect("it is none").to_string();
    let listed = error.split("expected ").nth(1).expect(&error);
    let words: Vec<String> = listed.split('`').skip(1).step_by(2).map(String::from).collect();
    assert!(words.len() > 1, "{error}");
    words
}

fn read<T: DeserializeOwned>(written: &Value) -> T {
    from_value(written.clone()).unwrap_or_else(|error| panic!("{written}: {error}"))
}

#[test]
fn reasons_are_written_as_they_are_called() {
    for reason in Reason::ALL {
        assert_eq!(to_value(reason).unwrap(), reason.name());
    }
    assert_eq!(words::<Reason>().len(), Reason::ALL.len());
}

#[test]
fn causes_are_written_as_they_are_called() {
    let words = words::<Cause>();
    assert_eq!(words.len(), 12, "{words:?}");
    for word in words {
        assert_eq!(read::<Cause>(&json!(word)).name(), word);
    }
}

#[test]
fn alarms_are_written_as_they_are_called() {
    let words = words::<Alarm>();
    assert_eq!(words.len(), 10, "{words:?}");
    for word in words {
        assert_eq!(read::<Alarm>(&json!(word)).name(), word);
    }
}

#[test]
fn alerts_are_written_as_they_are_called() {
    let words = words::<AlertCause>();
    assert_eq!(words.len(), 11, "{words:?}");
    for word in words {
        let (written, called) = match word.as_str() {
            "denied" | "flagged" => (json!({ &word: Rule::InOut }), word),
            "lane" => (json!({ "lane": Alarm::Forced }), "forced".to_owned()),
            _ => (json!(word), word),
        };
        assert_eq!(read::<AlertCause>(&written).name(), called);
    }
}
