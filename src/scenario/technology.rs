//! Reader technologies: what people have to do at a reader, and how long they take.
//!
//! | technology | what people do | median | from then on the reader takes | in all |
//! |---|---|---|---|---|
//! | card | hand it out | 0.65 s | 0.25 s | 0.9 s, coefficient of variation 0.35 |
//! | phone | find it, wake it, hand it out | 1.2 s | 0.35 s | 1.55 s |
//! | face | stop and look up | 0.5 s | 0.8 s | 1.3 s, coefficient of variation 0.45 |
//! | face on the move | walk on | – | 0.5 s | 0.5 s |
//!
//! The sums for cards and faces are a proposal after trade figures of 18 to 28 people a minute and rated 40;
//! what of them is the reader's is assumed, and everything about phones is. People's own times are
//! lognormal: of the sum's median they have what the reader leaves, and the sum's standard deviation is all
//! theirs.

use crate::apb::time::Span;

/// What people have to do at a reader.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Technology {
    /// Median time from reaching the reader until the credential is in its field, s, lognormal; zero:
    /// people do nothing.
    pub median_s: f32,
    /// Coefficient of variation of the same.
    pub cv: f32,
    /// How long the reader itself takes, unless its lane says otherwise.
    pub read_time: Span,
    /// Share of first reads that fail, 0 to 1; `None`: that of the person's habits.
    pub misread_rate: Option<f64>,
    /// How far before the line at which people stop it sees them, m; zero: they have to stop there.
    pub sees_m: f32,
}

/// A card that is held to a reader. 0.9 s in all with a standard deviation of 0.33 s.
pub const CARD: Technology =
    Technology { median_s: 0.65, cv: 0.465, read_time: Span::millis(250), misread_rate: None, sees_m: 0.0 };

/// A phone that is held to a reader. Assumed.
pub const PHONE: Technology =
    Technology { median_s: 1.2, cv: 0.5, read_time: Span::millis(350), misread_rate: None, sees_m: 0.0 };

/// A face before a camera. 1.3 s in all with a standard deviation of 0.64 s.
pub const FACE: Technology =
    Technology { median_s: 0.5, cv: 0.94, read_time: Span::millis(800), misread_rate: None, sees_m: 0.0 };

/// A face that is recognised while its owner walks up to the lane. It is seen from 1.2 m before the lane
/// (assumed), so that 0.5 s are over before anybody has to slow down, but not while somebody else stands
/// between it and the camera.
pub const ON_THE_MOVE: Technology =
    Technology { median_s: 0.0, cv: 0.0, read_time: Span::millis(500), misread_rate: None, sees_m: 1.2 };
