//! How a log is written: what stands between its cells.

/// What can stand between cells. Of two that are as frequent the first is meant.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// What stands between the cells of a line: the most frequent of the usual ones outside of quotes.
pub(super) fn delimiter(line: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [0_usize; DELIMITERS.len()];
    for byte in line {
        quoted ^= *byte == b'"';
        if let Some(i) = DELIMITERS.iter().position(|d| d == byte).filter(|_| !quoted) {
            counts[i] += 1;
        }
    }
    let most = counts.iter().max().copied().unwrap_or(0);
    counts.iter().position(|count| *count == most).map_or(b',', |i| DELIMITERS[i])
}

/// A text without the mark that some systems begin their files with.
///
/// # Errors
/// It is not UTF-8.
pub(super) fn without_mark(line: &[u8]) -> Result<&[u8], String> {
    if line.starts_with(&[0xff, 0xfe]) || line.starts_with(&[0xfe, 0xff]) {
        return Err("this is UTF-16; export the log as UTF-8, or convert it: iconv -f UTF-16 -t UTF-8".into());
    }
    Ok(line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_delimiter_outside_of_quotes_counts() {
        assert_eq!(delimiter(b"time,reader,card"), b',');
        assert_eq!(delimiter(b"Zeit;\"Tuer, Leser, Ort\";Karte"), b';');
        assert_eq!(delimiter(b"a\tb, c\td"), b'\t');
        assert_eq!(delimiter(b"a|b|c"), b'|');
        assert_eq!(delimiter(b"alone"), b',');
    }

    #[test]
    fn marks_are_taken_off() {
        assert_eq!(without_mark(b"\xef\xbb\xbftime"), Ok(&b"time"[..]));
        assert!(without_mark(&[0xff, 0xfe, b't', 0]).is_err());
    }
}
