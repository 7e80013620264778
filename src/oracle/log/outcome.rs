//! What a log says came of a read, in the words of many systems.
//!
//! Words are compared by how they begin. A refusal in so many words outweighs everything else in a cell; a
//! grant in so many words outweighs what is told beside it, as in "Granted, APB violation, door used".

/// Words of a refusal, which nothing outweighs.
const REFUSED: &[&str] = &[
    "denied",
    "deny",
    "denial",
    "refus",
    "reject",
    "fail",
    "invalid",
    "forbid",
    "block",
    "unauthori",
    "expired",
    "disallow",
];

/// Words of a grant; after "not" or "no" they are a refusal.
const GRANTED: &[&str] = &["grant", "allow", "accept", "permit", "success", "authori", "admit"];

/// Words that say no unless something else says yes.
const DOUBTFUL: &[&str] = &["violat", "unknown", "not"];

/// Words that say yes if nothing else says no; whole words, for "passback" is none.
const LIKELY: &[&str] = &["valid", "open", "opened", "pass", "passed"];

/// Whole cells that mean yes, and that mean no.
const SHORT: [(&[&str], bool); 2] = [
    (&["1", "true", "yes", "y", "t", "g", "ok", "in", "out", "a"], true),
    (&["0", "false", "no", "n", "f", "d", "nok"], false),
];

/// Whether a read was granted; `None`: the cell does not say.
pub(super) fn outcome(cell: &str) -> Option<bool> {
    let cell = cell.trim().to_lowercase();
    if let Some((_, granted)) = SHORT.iter().find(|(words, _)| words.contains(&cell.as_str())) {
        return Some(*granted);
    }
    let words: Vec<&str> = cell.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let begins = |word: &str, stems: &[&str]| stems.iter().any(|stem| word.starts_with(stem));
    let is_granting = |word: &str| begins(word, GRANTED) || ["access", "valid"].contains(&word);
    let is_denied_grant = |pair: &[&str]| matches!(pair, ["not" | "no", word] if is_granting(word));
    if words.iter().any(|word| begins(word, REFUSED)) || words.windows(2).any(is_denied_grant) {
        Some(false)
    } else if words.iter().any(|word| begins(word, GRANTED)) {
        Some(true)
    } else if words.iter().any(|word| begins(word, DOUBTFUL)) {
        Some(false)
    } else {
        words.iter().any(|word| LIKELY.contains(word)).then_some(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_systems_say_it_in_many_words() {
        for yes in [
            "Granted",
            "ACCESS GRANTED",
            "Access allowed",
            "valid card",
            "1",
            "True",
            "ok",
            "Authorised",
            "Granted, APB violation, door used",
            "Access granted: anti-passback violation",
            "Access granted, door not used",
            "Granted (unknown area)",
            "Door opened",
        ] {
            assert_eq!(outcome(yes), Some(true), "{yes}");
        }
        for no in [
            "Denied",
            "access denied: antipassback",
            "Denied, APB violation, door not used",
            "Not granted",
            "No access",
            "Access not allowed",
            "Invalid card",
            "Card not valid",
            "Authorization failed",
            "refused",
            "0",
            "no",
            "Unauthorized",
            "APB violation",
            "Anti-passback violation",
            "Unknown card",
        ] {
            assert_eq!(outcome(no), Some(false), "{no}");
        }
        for unclear in ["", "?", "door held", "17", "passback"] {
            assert_eq!(outcome(unclear), None, "{unclear}");
        }
    }
}
