//! Seeds as people have them at hand: a number, or the hash of a commit.

/// The seed that a text stands for.
///
/// Decimal digits are the number itself, as far as 64 bits go. `0x` and up to sixteen hexadecimal digits are
/// that number; the `0x` may be left out where a letter tells. Longer hexadecimal texts, the hash of a
/// commit, are taken sixteen digits at a time and mixed down with SplitMix64.
///
/// # Errors
/// What is wrong with the text.
pub fn parse_seed(text: &str) -> Result<u64, String> {
    if let Ok(seed) = text.parse() {
        return Ok(seed);
    }
    let digits = text.strip_prefix("0x").unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(format!(
            "`{text}` is no seed: write a number, or a hexadecimal text such as a commit's hash"
        ));
    }
    let digits: Vec<u64> = digits.chars().filter_map(|c| c.to_digit(16)).map(u64::from).collect();
    let number = |part: &[u64]| part.iter().fold(0_u64, |n, d| n << 4 | d);
    if digits.len() <= 16 {
        return Ok(number(&digits));
    }
    Ok(digits.chunks(16).fold(0, |seed, part| split_mix(seed ^ number(part))))
}

/// One step of SplitMix64 (Steele, Lea and Flood 2014): every bit of the input reaches every bit of the
/// output.
pub fn split_mix(seed: u64) -> u64 {
    let z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_themselves() {
        assert_eq!(parse_seed("0"), Ok(0));
        assert_eq!(parse_seed("18446744073709551615"), Ok(u64::MAX));
        assert_eq!(parse_seed("0x10"), Ok(16));
        assert_eq!(parse_seed("ecc54ed"), Ok(0xecc_54ed));
        assert_eq!(parse_seed("FFFFFFFFFFFFFFFF"), Ok(u64::MAX));
    }

    #[test]
    fn a_commit_is_mixed_down_and_every_digit_counts() {
        let hash = "ecc54ed0f3b2a190ecc54ed0f3b2a190ecc54ed0";
        let seed = parse_seed(hash).unwrap();
        for i in 0..hash.len() {
            let mut other = hash.to_string();
            other.replace_range(i..=i, if &hash[i..=i] == "7" { "8" } else { "7" });
            assert_ne!(parse_seed(&other), Ok(seed), "digit {i}");
        }
    }

    #[test]
    fn split_mix_gives_its_published_numbers() {
        // The first output for the seed 0, as Vigna's reference implementation prints it.
        assert_eq!(split_mix(0), 0xe220_a839_7b1d_cdaf);
    }

    #[test]
    fn what_is_no_seed_is_refused() {
        for text in ["", "0x", "-1", "1.5", "seed", "12 34"] {
            assert!(parse_seed(text).is_err(), "{text:?}");
        }
    }
}
