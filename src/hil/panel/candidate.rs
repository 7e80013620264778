//! The policies that a panel may follow: those with a name of ours, and those of real systems.

use crate::apb::policy::{Commit, Policy};
use crate::apb::time::Span;
use crate::apb::vendor::PRESETS;

/// The policy of this name, ours or a real system's.
pub fn named(name: &str) -> Option<Policy> {
    let theirs = || PRESETS.iter().find(|preset| preset.name == name).map(|preset| (preset.policy)());
    Policy::named(name).or_else(theirs)
}

/// Every name that [`named`] knows.
pub fn names() -> impl Iterator<Item = &'static str> {
    Policy::NAMES.into_iter().chain(PRESETS.iter().map(|preset| preset.name))
}

/// One policy, and every name it goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its names; with the axes that were changed, as in `timed commit=on_grant`.
    pub names: Vec<String>,
    /// The policy.
    pub policy: Policy,
}

/// What may be otherwise than the names say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variants {
    /// Windows that timed rules may have beside their own.
    pub windows: Vec<Span>,
    /// When locations may move, beside when the policy says. A panel that is not told of passages can only
    /// move them on a grant.
    pub commits: Vec<Commit>,
}

impl Candidate {
    /// Every policy with a name, those that are the same as one; variants after what they vary.
    pub fn all(variants: &Variants) -> Vec<Self> {
        let ours = Policy::NAMES.into_iter().filter_map(|name| Some((name, Policy::named(name)?)));
        let theirs = PRESETS.iter().map(|preset| (preset.name, (preset.policy)()));
        let mut all: Vec<Self> = Vec::new();
        for (name, policy) in ours.chain(theirs) {
            for (name, policy) in varied(name, &policy, variants) {
                match all.iter_mut().find(|c| c.policy == policy) {
                    Some(candidate) => candidate.names.push(name),
                    None => all.push(Self { names: vec![name], policy }),
                }
            }
        }
        all
    }
}

/// A policy and its variants, by name.
fn varied(name: &str, policy: &Policy, variants: &Variants) -> Vec<(String, Policy)> {
    let windows = variants.windows.iter().filter(|w| policy.rule.is_timed() && **w != policy.window);
    let windows: Vec<Option<Span>> = std::iter::once(None).chain(windows.copied().map(Some)).collect();
    let commits = variants.commits.iter().filter(|c| **c != policy.commit);
    let commits: Vec<Option<Commit>> = std::iter::once(None).chain(commits.copied().map(Some)).collect();
    let mut all = Vec::new();
    for window in &windows {
        for commit in &commits {
            let policy = Policy {
                window: window.unwrap_or(policy.window),
                commit: commit.unwrap_or(policy.commit),
                ..policy.clone()
            };
            let window = window.map(|w| format!(" window={}ms", w.0 / 1_000)).unwrap_or_default();
            let commit = commit.map(|c| format!(" commit={}", word(c))).unwrap_or_default();
            all.push((format!("{name}{window}{commit}"), policy));
        }
    }
    all
}

/// As the axis of that name spells it.
fn word(commit: Commit) -> &'static str {
    match commit {
        Commit::OnGrant => "on_grant",
        Commit::OnOpen => "on_open",
        Commit::OnPassage => "on_passage",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_there_once_and_equal_policies_are_one() {
        let all = Candidate::all(&Variants::default());
        let mut names: Vec<&String> = all.iter().flat_map(|c| &c.names).collect();
        assert_eq!(names.len(), Policy::NAMES.len() + PRESETS.len());
        names.sort();
        names.dedup();
        assert_eq!(names.len(), Policy::NAMES.len() + PRESETS.len());
        for (i, one) in all.iter().enumerate() {
            assert!(all[..i].iter().all(|other| other.policy != one.policy), "{:?}", one.names);
        }
    }

    #[test]
    fn variants_name_what_they_change() {
        let variants = Variants { windows: vec![Span::minutes(5)], commits: vec![Commit::OnGrant] };
        let all = Candidate::all(&variants);
        let named = |name: &str| all.iter().find(|c| c.names.iter().any(|n| n == name)).unwrap();
        assert_eq!(named("timed window=300000ms commit=on_grant").policy.commit, Commit::OnGrant);
        assert_eq!(named("timed window=300000ms").policy.window, Span::minutes(5));
        assert_eq!(named("hard commit=on_grant").policy.commit, Commit::OnGrant);
        assert!(!all.iter().flat_map(|c| &c.names).any(|n| n.starts_with("hard window")));
    }
}
