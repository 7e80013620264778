//! Times as lines write them: decimal seconds, exact to the microsecond.

use crate::apb::time::Time;

/// Later than this nothing happens: seconds, some 31 000 years. What is written in milliseconds since 1970 is
/// beyond it.
const LATEST_S: u64 = 1_000_000_000_000;

/// Microseconds in a second, as a power of ten.
const SCALE: i64 = 6;

/// The instant of a JSON number of seconds. More than six decimals are rounded to the nearest microsecond.
///
/// # Errors
/// What is wrong with it, and what it should be.
pub(super) fn parse_seconds(text: &str) -> Result<Time, String> {
    let first = text.bytes().next();
    if !first.is_some_and(|b| b.is_ascii_digit() || b == b'-') {
        return Err(format!("`t` is {text}; it has to be a number of seconds, such as 299.999"));
    }
    let Some(digits) = text.strip_prefix('-') else {
        return micros(text)
            .filter(|t| t.0 <= LATEST_S * 1_000_000)
            .ok_or_else(|| format!("`t` is {text}, which is too late; it counts seconds, up to {LATEST_S}"));
    };
    let zero = digits.bytes().take_while(|b| !matches!(b, b'e' | b'E')).all(|b| matches!(b, b'0' | b'.'));
    if zero { Ok(Time::ZERO) } else { Err(format!("`t` is {text}; time begins at 0")) }
}

/// The value of a number without a sign, in microseconds; `None`: too large, or no number.
fn micros(text: &str) -> Option<Time> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut value: u64 = 0;
    let mut decimals: i64 = 0;
    for (i, digit) in whole.bytes().chain(fraction.bytes()).enumerate() {
        let digit = digit.is_ascii_digit().then(|| u64::from(digit - b'0'))?;
        // What does not fit any more is far below a microsecond, or else the number is too large.
        match value.checked_mul(10).and_then(|v| v.checked_add(digit)) {
            Some(more) => {
                value = more;
                decimals += i64::from(i >= whole.len());
            }
            None if i < whole.len() => return None,
            None => break,
        }
    }
    shifted(value, SCALE.checked_add(exponent)?.checked_sub(decimals)?).map(Time)
}

/// `value * 10^power`, rounded to the nearest whole number.
fn shifted(value: u64, power: i64) -> Option<u64> {
    if value == 0 {
        return Some(0);
    }
    match u32::try_from(power) {
        Ok(power) => value.checked_mul(10_u64.checked_pow(power)?),
        Err(_) => match u32::try_from(power.unsigned_abs()).ok().and_then(|p| 10_u64.checked_pow(p)) {
            Some(divisor) => Some(value / divisor + u64::from(value % divisor >= divisor.div_ceil(2))),
            None => Some(0),
        },
    }
}

/// Writes an instant in seconds: no more decimals than it has.
pub(super) fn write_seconds(time: Time, out: &mut Vec<u8>) {
    write_whole(time.0 / 1_000_000, out);
    let mut rest = u32::try_from(time.0 % 1_000_000).unwrap_or(0);
    if rest == 0 {
        return;
    }
    out.push(b'.');
    let mut unit = 100_000;
    while rest > 0 {
        out.push(digit(rest / unit));
        rest %= unit;
        unit /= 10;
    }
}

/// Writes a whole number.
pub(super) fn write_whole(mut number: u64, out: &mut Vec<u8>) {
    let mut digits = [0_u8; 20];
    let mut start = digits.len();
    for slot in digits.iter_mut().rev() {
        *slot = digit(u32::try_from(number % 10).unwrap_or(0));
        start -= 1;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(start..).unwrap_or_default());
}

fn digit(value: u32) -> u8 {
    u8::try_from(value).map_or(b'?', |value| b'0' + value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(time: Time) -> String {
        let mut out = Vec::new();
        write_seconds(time, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn fractions_are_exact_to_the_microsecond() {
        for (text, micros) in [
            ("0", 0),
            ("-0.0", 0),
            ("299.999", 299_999_000),
            ("300", 300_000_000),
            ("0.000001", 1),
            ("0.1234564", 123_456),
            ("0.1234565", 123_457),
            ("299.99899999999997", 299_999_000),
            ("0.30000000000000004", 300_000),
            ("1e3", 1_000_000_000),
            ("2.5E-1", 250_000),
            ("1e-400", 0),
            ("0.00000000000000000000000000000001", 0),
            ("1000000000000", LATEST_S * 1_000_000),
        ] {
            assert_eq!(parse_seconds(text), Ok(Time(micros)), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        let cases = [
            "-1",
            "-0.000001",
            "1000000000001",
            "1e30",
            "1e99999999999999999999",
            "123456789012345678901234",
            "\"5\"",
            "null",
            "true",
            "[1]",
            "",
        ];
        for text in cases {
            assert!(parse_seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn decimals_are_no_more_than_needed() {
        for (micros, text) in
            [(0, "0"), (10_000_000, "10"), (299_999_000, "299.999"), (1, "0.000001"), (1_500_000, "1.5")]
        {
            assert_eq!(written(Time(micros)), text);
        }
        let mut out = Vec::new();
        write_whole(u64::MAX, &mut out);
        assert_eq!(out, u64::MAX.to_string().as_bytes());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_written_is_read_back(micros in 0..=LATEST_S * 1_000_000) {
            prop_assert_eq!(parse_seconds(&written(Time(micros))), Ok(Time(micros)));
        }
    }
}
