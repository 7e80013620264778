//! What a log says came of a read, in the words of many systems.
//!
//! Most words are compared by how they begin. A refusal in so many words outweighs everything else in a cell;
//! a grant in so many words outweighs what is told beside it, as in "Granted, APB violation, door used".

/// Words of a refusal, which nothing outweighs.
const REFUSED: &[&str] = &[
    "denied",
    "deny",
    "denial",
    "refus",
    "reject",
    "failed",
    "failure",
    "invalid",
    "forbid",
    "blocked",
    "unauthori",
    "expired",
    "disallow",
];

/// Words of a grant; after "not" or "no" they are a refusal.
const GRANTED: &[&str] = &["grant", "allow", "accept", "permit", "success", "authori", "admit"];

/// Words that say no unless something else says yes.
const DOUBTFUL: &[&str] = &["violat", "unknown"];

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
    // "No APB violation" is no violation; "without any violation" neither.
    let is_denied = |at: usize| words.iter().take(at).rev().take(3).any(|w| ["no", "without"].contains(w));
    let doubts = |(at, word): (usize, &&str)| *word == "not" || (begins(word, DOUBTFUL) && !is_denied(at));
    let is_doubtful = words.iter().enumerate().any(doubts);
    // A lock that fails safe or secure has not failed.
    let is_fail = |(at, word): (usize, &&str)| {
        *word == "fail" && !words.get(at + 1).is_some_and(|w| ["safe", "secure"].contains(w))
    };
    let is_refused = words.iter().any(|w| begins(w, REFUSED)) || words.iter().enumerate().any(is_fail);
    if is_refused || words.windows(2).any(is_denied_grant) {
        Some(false)
    } else if words.iter().any(|word| begins(word, GRANTED)) {
        Some(true)
    } else if is_doubtful {
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
            "Access granted, Block A",
            "Granted, fail-secure lock",
            "Door opened, guard notified",
            "Passed; note: visitor",
            "Passed, no APB violation",
            "Passed, without any APB violation",
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
            "Card blocked",
            "Reader failure",
            "Verify fail",
            "Door not opened",
        ] {
            assert_eq!(outcome(no), Some(false), "{no}");
        }
        for unclear in ["", "?", "door held", "17", "passback"] {
            assert_eq!(outcome(unclear), None, "{unclear}");
        }
    }
}
