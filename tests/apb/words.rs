//! Stable words: what the journal writes and what people read are the same.

use apbrig::apb::journal::{Cause, Reason};

#[test]
fn reasons_are_written_as_they_are_called() {
    for reason in Reason::ALL {
        assert_eq!(serde_json::to_value(reason).unwrap(), reason.name());
    }
}

#[test]
fn causes_are_written_as_they_are_called() {
    for cause in [Cause::Access, Cause::PowerCut, Cause::Seen, Cause::Removal, Cause::Change] {
        assert_eq!(serde_json::to_value(cause).unwrap(), cause.name());
    }
}
