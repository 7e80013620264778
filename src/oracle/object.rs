//! JSON objects, written straight into a buffer.

use super::seconds::{write_seconds, write_whole};
use crate::apb::time::Time;
use serde::Serialize;

/// One object on a line of its own. Keys are plain words; nothing of them is escaped.
pub(super) struct Object<'o> {
    out: &'o mut Vec<u8>,
}

impl<'o> Object<'o> {
    /// An event at a time.
    pub(super) fn at(time: Time, event: &'static str, out: &'o mut Vec<u8>) -> Self {
        out.extend_from_slice(b"{\"t\":");
        write_seconds(time, out);
        out.extend_from_slice(b",\"event\":\"");
        out.extend_from_slice(event.as_bytes());
        out.push(b'"');
        Self { out }
    }

    /// An event that has no time.
    pub(super) fn timeless(event: &'static str, out: &'o mut Vec<u8>) -> Self {
        out.extend_from_slice(b"{\"event\":\"");
        out.extend_from_slice(event.as_bytes());
        out.push(b'"');
        Self { out }
    }

    /// Begins a field; whoever calls this writes its value.
    pub(super) fn key(&mut self, key: &'static str) -> &mut Vec<u8> {
        self.out.extend_from_slice(b",\"");
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.out
    }

    pub(super) fn text(&mut self, key: &'static str, value: &str) -> &mut Self {
        write_text(value, self.key(key));
        self
    }

    /// A word of this program, which has nothing to escape.
    pub(super) fn word(&mut self, key: &'static str, value: &'static str) -> &mut Self {
        let out = self.key(key);
        out.push(b'"');
        out.extend_from_slice(value.as_bytes());
        out.push(b'"');
        self
    }

    /// A value that is JSON already.
    pub(super) fn raw(&mut self, key: &'static str, value: &[u8]) -> &mut Self {
        self.key(key).extend_from_slice(value);
        self
    }

    /// A text, or null.
    pub(super) fn maybe(&mut self, key: &'static str, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.text(key, value),
            None => self.null(key),
        }
    }

    pub(super) fn null(&mut self, key: &'static str) -> &mut Self {
        self.key(key).extend_from_slice(b"null");
        self
    }

    pub(super) fn whole(&mut self, key: &'static str, value: u64) -> &mut Self {
        write_whole(value, self.key(key));
        self
    }

    pub(super) fn truth(&mut self, key: &'static str, value: bool) -> &mut Self {
        self.key(key).extend_from_slice(if value { b"true" } else { b"false" });
        self
    }

    pub(super) fn seconds(&mut self, key: &'static str, value: Time) -> &mut Self {
        write_seconds(value, self.key(key));
        self
    }

    /// A value as serde writes it.
    pub(super) fn value(&mut self, key: &'static str, value: &impl Serialize) -> &mut Self {
        let out = self.key(key);
        if serde_json::to_writer(&mut *out, value).is_err() {
            out.extend_from_slice(b"null");
        }
        self
    }

    /// Ends the line.
    pub(super) fn end(&mut self) {
        self.out.extend_from_slice(b"}\n");
    }
}

/// Writes a JSON string.
pub(super) fn write_text(text: &str, out: &mut Vec<u8>) {
    if text.bytes().any(|b| b < b' ' || b == b'"' || b == b'\\') {
        // Writing into memory cannot fail.
        let _ = serde_json::to_writer(out, text);
        return;
    }
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}
