//! What can be wrong with a record, where, and how to mend it.

use super::codec::SCHEMA;
use std::io;

/// What can be wrong with a record.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The file system failed.
    #[error("the record cannot be read or written ({0}); check its path, its permissions and the space left")]
    Io(#[from] io::Error),
    /// The file does not begin as a record does.
    #[error("this is no record ({0}); name the record of a run, a gzip file that apbrig wrote")]
    NotARecord(String),
    /// The file is a record of another time.
    #[error(
        "the record has the schema `{found}` of apbrig {version}, this version reads `{SCHEMA}`; read it \
         with apbrig {version} or run its scenario again"
    )]
    Schema {
        /// The schema the file names.
        found: String,
        /// The version of apbrig that wrote it.
        version: String,
    },
    /// A line is not what the schema says.
    #[error("line {line} of the record is malformed ({why}); the file was changed: run its scenario again")]
    Malformed {
        /// The line, counting from 1; line 1 is the header.
        line: u64,
        /// What is wrong with it.
        why: String,
    },
    /// The compressed data is damaged.
    #[error("the record is damaged after line {line} ({why}); copy it again or run its scenario again")]
    Damaged {
        /// The last whole line, counting from 1; 0: not even the header.
        line: u64,
        /// What the decompressor says.
        why: String,
    },
    /// The file ends before the footer: the run was killed while writing it, or the copy is incomplete.
    #[error(
        "the record is cut off after {observations} observations; what is there can be used, for the \
         rest run its scenario again"
    )]
    Truncated {
        /// How many observations can be read.
        observations: u64,
    },
    /// The footer counts other observations than there are.
    #[error(
        "the record holds {found} observations, its footer says {expected}; lines were added or taken out"
    )]
    Count {
        /// As the footer says.
        expected: u64,
        /// As counted.
        found: u64,
    },
    /// The observations are not those the footer was written for.
    #[error(
        "the record's observations have the digest {found}, its footer says {expected}; the file was changed"
    )]
    Digest {
        /// As the footer says.
        expected: String,
        /// As computed.
        found: String,
    },
    /// Something follows the footer.
    #[error("something follows the record's footer, line {line}; take it out or copy the file again")]
    Trailing {
        /// The footer's line, counting from 1.
        line: u64,
    },
}
