//! How a serial line is set.

use crate::apb::time::Span;

/// Parity of a serial line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Parity {
    /// None.
    #[default]
    None,
    /// Even: an even number of ones with the parity bit.
    Even,
    /// Odd.
    Odd,
}

/// How a serial line is set. Always eight data bits: no protocol here has fewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Bits a second, start, parity and stop bits included.
    pub baud: u32,
    /// The parity bit.
    pub parity: Parity,
    /// Whether there are two stop bits.
    pub two_stop_bits: bool,
    /// Whether what is sent comes back, as on two-wire adapters that hear themselves.
    pub echoes: bool,
}

impl Default for Settings {
    /// 9600 baud, no parity, one stop bit, no echo: what OSDP and most gate boards start with.
    fn default() -> Self {
        Self { baud: 9_600, parity: Parity::None, two_stop_bits: false, echoes: false }
    }
}

impl Settings {
    /// The bits that one byte takes: start bit, eight data bits, parity, stop bits.
    pub fn bits_per_byte(&self) -> u32 {
        1 + 8 + u32::from(self.parity != Parity::None) + 1 + u32::from(self.two_stop_bits)
    }

    /// The time so many bytes take on the wire, rounded up to a microsecond.
    pub fn wire_time(&self, bytes: usize) -> Span {
        let bits = u64::try_from(bytes).unwrap_or(u64::MAX).saturating_mul(u64::from(self.bits_per_byte()));
        Span(bits.saturating_mul(1_000_000).div_ceil(u64::from(self.baud.max(1))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wire_time_is_bits_over_baud() {
        let plain = Settings::default();
        assert_eq!(plain.wire_time(8), Span(8_334));
        let slow = Settings { parity: Parity::Even, two_stop_bits: true, ..plain };
        assert_eq!(slow.wire_time(8), Span(10_000));
        assert_eq!(Settings { baud: 115_200, ..plain }.wire_time(0), Span::ZERO);
    }
}
