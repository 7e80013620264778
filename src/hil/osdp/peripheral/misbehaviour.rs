//! What an emulated reader may be told to do wrong.

use crate::apb::time::Span;

/// How a reader misbehaves. It goes on reading cards all the while.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Misbehaviour {
    /// It does not.
    #[default]
    None,
    /// It answers nothing.
    Mute,
    /// It is always busy.
    Busy,
    /// Its authentication codes are wrong. In the open there are none.
    WrongCode,
    /// It refuses every command with this code of OSDP 2.2, table 47.
    Refuse(u8),
    /// It answers late by this span.
    Late(Span),
    /// Every n-th answer has a wrong check; 0: none has.
    BadCheck(u32),
}
