//! What a log says came of a read, in the words of many systems.

/// Words of a refusal: whoever writes "not granted" means no.
const NO: [&str; 12] = [
    "not ",
    "den",
    "refus",
    "reject",
    "fail",
    "invalid",
    "forbid",
    "block",
    "unauthori",
    "expired",
    "violat",
    "unknown",
];

/// Words of a grant.
const YES: [&str; 10] =
    ["grant", "allow", "accept", "permit", "success", "valid", "authori", "admit", "open", "pass"];

/// Whole cells that mean yes, and that mean no.
const SHORT: [(&[&str], bool); 2] = [
    (&["1", "true", "yes", "y", "t", "g", "ok", "in", "out", "a"], true),
    (&["0", "false", "no", "n", "f", "d", "nok"], false),
];

/// Whether a read was granted; `None`: the cell does not say.
pub(super) fn outcome(cell: &str) -> Option<bool> {
    let cell = cell.trim().to_lowercase();
    let short = SHORT.iter().find(|(words, _)| words.contains(&cell.as_str()));
    let says = |words: &[&str]| words.iter().any(|word| cell.contains(word));
    match short {
        Some((_, granted)) => Some(*granted),
        None if says(&NO) => Some(false),
        None if says(&YES) => Some(true),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_systems_say_it_in_many_words() {
        for yes in
            ["Granted", "ACCESS GRANTED", "Access allowed", "valid card", "1", "True", "ok", "Authorised"]
        {
            assert_eq!(outcome(yes), Some(true), "{yes}");
        }
        for no in [
            "Denied",
            "access denied: antipassback",
            "Not granted",
            "Invalid card",
            "refused",
            "0",
            "no",
            "Unauthorized",
            "APB violation",
            "Unknown card",
        ] {
            assert_eq!(outcome(no), Some(false), "{no}");
        }
        for unclear in ["", "?", "door held", "17"] {
            assert_eq!(outcome(unclear), None, "{unclear}");
        }
    }
}
