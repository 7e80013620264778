//! What lamps and tones mean, the same at both ends.
//!
//! | order | command |
//! |---|---|
//! | show granted | lamp green for a while, one beep |
//! | show denied | lamp red for a while, three beeps |
//! | show busy | lamp blinks amber for a while |
//! | buzz | tone without end: continuous, or on and off; or no tone |
//!
//! Backwards: a lamp that is set, for a while or for good, to green, red or amber shows granted, denied or
//! busy; other colours mean nothing. A lamp that is set for good to the colour it has at rest means nothing
//! either. A tone that ends by itself goes with a lamp and means nothing alone.

use super::codec::part::{
    BuzzerControl, BuzzerTone, LedColor, LedControl, LedPermanent, LedRecord, LedTemporary,
};
use super::settings::Colour;
use crate::apb::effect::{Signal, Tone};
use crate::apb::time::Span;

/// Times on the wire are in tenths of a second.
const TENTH: u64 = 100_000;
/// Sets a temporary colour (OSDP 2.2, table 16), keeps the permanent one as it is.
const SET_TEMPORARY: u8 = 2;
const KEEP: u8 = 0;
/// A blinking lamp, in tenths of a second each way.
const BLINK: u8 = 2;
/// An intermittent tone, in tenths of a second each way.
const ON_OFF: u8 = 5;
/// Repeats without end.
const ENDLESS: u8 = 0;

/// The lamp for a signal.
pub(super) fn lamp(signal: Signal, lasts: Span) -> LedControl {
    let color = match signal {
        Signal::Granted => LedColor::Green,
        Signal::Denied => LedColor::Red,
        Signal::Busy => LedColor::Amber,
    };
    let off = if signal == Signal::Busy { BLINK } else { 0 };
    let temporary = LedTemporary {
        control: SET_TEMPORARY,
        on_time: BLINK,
        off_time: off,
        on_color: color,
        off_color: LedColor::Black,
        timer: u16::try_from(lasts.0.div_ceil(TENTH)).unwrap_or(u16::MAX).max(1),
    };
    let permanent = LedPermanent {
        control: KEEP,
        on_time: 0,
        off_time: 0,
        on_color: LedColor::Black,
        off_color: LedColor::Black,
    };
    LedControl::new(vec![LedRecord { reader: 0, led: 0, temporary, permanent }])
}

/// The beeps for a signal.
pub(super) fn beeps(signal: Signal) -> Option<BuzzerControl> {
    let count = match signal {
        Signal::Granted => 1,
        Signal::Denied => 3,
        Signal::Busy => return None,
    };
    Some(BuzzerControl { reader: 0, tone: BuzzerTone::Default, on_time: 1, off_time: 1, count })
}

/// The tone of a gate's buzzer.
pub(super) fn buzz(tone: Tone) -> BuzzerControl {
    let (code, on_time, off_time) = match tone {
        Tone::Off => (BuzzerTone::Off, 0, 0),
        Tone::Continuous => (BuzzerTone::Default, ON_OFF, 0),
        Tone::Intermittent => (BuzzerTone::Default, ON_OFF, ON_OFF),
    };
    BuzzerControl { reader: 0, tone: code, on_time, off_time, count: ENDLESS }
}

/// What a tone says; `None`: it ends by itself.
pub(super) fn heard(buzzer: &BuzzerControl) -> Option<Tone> {
    match buzzer.tone {
        BuzzerTone::None | BuzzerTone::Off => Some(Tone::Off),
        BuzzerTone::Default if buzzer.count != ENDLESS => None,
        BuzzerTone::Default if buzzer.off_time == 0 => Some(Tone::Continuous),
        BuzzerTone::Default => Some(Tone::Intermittent),
    }
}

/// What a lamp says; learns the colour it has at rest.
pub(super) fn seen(record: &LedRecord, rest: &mut Option<Colour>) -> Option<Signal> {
    let (temporary, permanent) = (&record.temporary, &record.permanent);
    let shown = |on_time: u8, on: LedColor, off: LedColor| if on_time > 0 { colour(on) } else { colour(off) };
    let lasting = (permanent.control != KEEP)
        .then(|| shown(permanent.on_time, permanent.on_color, permanent.off_color));
    if temporary.control == SET_TEMPORARY {
        if lasting.is_some() {
            *rest = lasting;
        }
        return signal(shown(temporary.on_time, temporary.on_color, temporary.off_color));
    }
    lasting.filter(|lasting| Some(*lasting) != *rest).and_then(signal)
}

fn signal(colour: Colour) -> Option<Signal> {
    match colour {
        Colour::Green => Some(Signal::Granted),
        Colour::Red => Some(Signal::Denied),
        Colour::Amber => Some(Signal::Busy),
        Colour::Black | Colour::Other => None,
    }
}

fn colour(color: LedColor) -> Colour {
    match color {
        LedColor::Black => Colour::Black,
        LedColor::Red => Colour::Red,
        LedColor::Green => Colour::Green,
        LedColor::Amber => Colour::Amber,
        LedColor::Blue | LedColor::Magenta | LedColor::Cyan | LedColor::White => Colour::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(temporary: Option<LedColor>, permanent: Option<LedColor>) -> LedRecord {
        let mut record = lamp(Signal::Granted, Span::seconds(1)).records.remove(0);
        record.temporary.control = if temporary.is_some() { SET_TEMPORARY } else { KEEP };
        record.temporary.on_color = temporary.unwrap_or(LedColor::Black);
        record.permanent.control = u8::from(permanent.is_some());
        record.permanent.on_time = 1;
        record.permanent.on_color = permanent.unwrap_or(LedColor::Black);
        record
    }

    #[test]
    fn every_signal_and_tone_comes_back() {
        for signal in [Signal::Granted, Signal::Denied, Signal::Busy] {
            let control = lamp(signal, Span::seconds(2));
            assert_eq!(control.records[0].temporary.timer, 20);
            assert_eq!(seen(&control.records[0], &mut None), Some(signal));
            assert_eq!(beeps(signal).as_ref().and_then(heard), None);
        }
        for tone in [Tone::Off, Tone::Continuous, Tone::Intermittent] {
            assert_eq!(heard(&buzz(tone)), Some(tone));
        }
    }

    #[test]
    fn a_permanent_colour_counts_unless_it_is_the_one_at_rest() {
        let mut rest = None;
        assert_eq!(seen(&record(None, Some(LedColor::Red)), &mut rest), Some(Signal::Denied));
        assert_eq!(seen(&record(None, Some(LedColor::Blue)), &mut rest), None);
        // Green for a while, then red for good: red is what it shows at rest.
        let both = record(Some(LedColor::Green), Some(LedColor::Red));
        assert_eq!(seen(&both, &mut rest), Some(Signal::Granted));
        assert_eq!(rest, Some(Colour::Red));
        assert_eq!(seen(&record(None, Some(LedColor::Red)), &mut rest), None);
        assert_eq!(seen(&record(Some(LedColor::Red), None), &mut rest), Some(Signal::Denied));
    }
}
