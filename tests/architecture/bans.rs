//! What single layers must never mention: the truth where decisions are made, clocks and files where runs
//! must repeat.

use crate::paths::paths;
use crate::source::{Kind, Source, sources};

/// Words and paths that some files must not hold.
struct Ban {
    /// Files and folders it is about.
    within: &'static [&'static str],
    /// Files it spares.
    except: &'static [&'static str],
    /// Names that must not stand there.
    words: &'static [&'static str],
    /// Paths that must not be named there, nor anything below them.
    paths: &'static [&'static str],
    /// Tokens that must not follow each other there.
    rows: &'static [&'static [&'static str]],
    /// Why, and how to mend it.
    mend: &'static str,
}

const NONE: Ban = Ban { within: &[], except: &[], words: &[], paths: &[], rows: &[], mend: "" };

const BANS: &[Ban] = &[
    Ban {
        within: &["src/sim/control.rs", "src/sim/decider.rs", "src/sim/port.rs", "src/sim/lane/"],
        words: &["TruthLog", "Truth"],
        paths: &["crate::sim::truth", "crate::record::Truth"],
        mend: "who decides or senses never sees what really happened; note the truth in sim/crowd instead",
        ..NONE
    },
    Ban {
        within: &["src/sim/control.rs", "src/sim/decider.rs", "src/sim/port.rs"],
        paths: &["crate::sim::crowd"],
        mend: "the controller's slot knows lanes, not people; send a `FromLane` message instead",
        ..NONE
    },
    Ban {
        within: &["src/apb/"],
        words: &["f32", "f64"],
        mend: "the domain counts in integers; use micrometres, microseconds or `Span`",
        ..NONE
    },
    Ban {
        within: &["src/apb/"],
        words: &["Instant", "SystemTime"],
        paths: &["rand", "bevy", "std::fs", "std::io", "std::net", "std::thread", "std::env", "std::process"],
        mend: "the domain is a function of its inputs: time and data come in, effects go out",
        ..NONE
    },
    Ban {
        within: &["src/apb/"],
        except: &["src/apb/site.rs"],
        words: &["HashMap", "HashSet"],
        mend: "hash order differs from run to run; use a BTreeMap (site.rs has a map for look-up only)",
        ..NONE
    },
    Ban {
        within: &["src/sim/"],
        words: &["Instant", "SystemTime", "HashMap", "HashSet"],
        paths: &["std::fs", "std::net", "std::env", "std::process"],
        mend: "a run must not depend on when, where or in what hash order; use `SimClock` and a BTreeMap",
        ..NONE
    },
    Ban {
        within: &["src/sim/"],
        paths: &["rand::rng", "rand::thread_rng", "rand::random"],
        mend: "every draw comes from the seed; take a stream from `SimRng`",
        ..NONE
    },
    Ban {
        within: &["src/sim/"],
        rows: &[&["Res", "<", "Time", ">"], &["Res", "<", "Time", "<"]],
        mend: "Bevy's time follows the wall clock; use `Res<SimClock>`",
        ..NONE
    },
    Ban {
        within: &["src/sim/"],
        paths: &[
            "bevy::camera",
            "bevy::color",
            "bevy::light",
            "bevy::mesh",
            "bevy::pbr",
            "bevy::render",
            "bevy::ui",
            "bevy::window",
        ],
        mend: "the world is headless; what it looks like belongs in `viewer`",
        ..NONE
    },
    Ban {
        within: &["src/record/", "src/scenario/", "src/metrics/", "src/report/"],
        words: &["Instant", "SystemTime"],
        mend: "what is kept of a run must not depend on when it is made; take the time from the record",
        ..NONE
    },
];

impl Ban {
    fn is_about(&self, path: &str) -> bool {
        let within = |place: &str| path == place || (place.ends_with('/') && path.starts_with(place));
        self.within.iter().any(|p| within(p)) && !self.except.contains(&path)
    }

    fn broken_by(&self, source: &Source) -> Vec<String> {
        let tokens = &source.tokens;
        let words = tokens.iter().filter(|t| t.kind == Kind::Word && self.words.contains(&t.text.as_str()));
        let words = words.map(|t| (t.line, t.text.clone()));
        let named = paths(source).into_iter().filter(|n| self.paths.iter().any(|p| n.is_below(p)));
        let named = named.map(|n| (n.line, n.path.join("::")));
        let rows = tokens.iter().enumerate().filter_map(|(i, t)| {
            let fits = |row: &&&[&str]| {
                tokens.len() >= i + row.len() && row.iter().zip(&tokens[i..]).all(|(word, t)| t.is(word))
            };
            self.rows.iter().find(fits).map(|row| (t.line, row.concat()))
        });
        let say = |(line, what)| format!("{}: `{what}`: {}", source.at(line), self.mend);
        words.chain(named).chain(rows).map(say).collect()
    }
}

fn breaches(source: &Source) -> Vec<String> {
    BANS.iter().filter(|b| b.is_about(&source.path)).flat_map(|b| b.broken_by(source)).collect()
}

/// Numbers with a fraction in the domain.
fn fractions(source: &Source) -> Vec<String> {
    let tokens = &source.tokens;
    let is_fraction = |i: &usize| {
        let field = i.checked_sub(1).is_some_and(|p| tokens[p].is("."));
        tokens[*i].kind == Kind::Number && tokens[*i].text.contains('.') && !field
    };
    let found = (0..tokens.len()).filter(is_fraction);
    found
        .map(|i| format!("{}: `{}` is a float; count in integers", source.at(tokens[i].line), tokens[i].text))
        .collect()
}

#[test]
fn no_layer_mentions_what_it_must_not_know() {
    let found: Vec<String> = sources("src").iter().flat_map(breaches).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_domain_has_no_floats() {
    let found: Vec<String> = sources("src/apb").iter().flat_map(fractions).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_ban_is_about_files_that_exist() {
    let sources = sources("src");
    for ban in BANS {
        for place in ban.within {
            let found = sources.iter().any(|s| s.path.starts_with(place));
            assert!(found, "{place} is gone; say in BANS where its code went");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, text: &str) -> usize {
        breaches(&Source::new(path, text)).len()
    }

    #[test]
    fn a_planted_look_at_the_truth_is_found() {
        assert_eq!(count("src/sim/control.rs", "use super::truth::note;"), 1);
        assert_eq!(count("src/sim/lane/beams.rs", "use crate::record::{What, Truth};"), 2);
        assert_eq!(count("src/sim/lane/beams.rs", "fn f(t: ResMut<TruthLog>) {}"), 1);
        assert_eq!(count("src/sim/control.rs", "use crate::sim::crowd::people::People;"), 1);
        assert_eq!(count("src/sim/crowd/crossing.rs", "use crate::sim::truth::TruthLog;"), 0);
    }

    #[test]
    fn planted_clocks_files_and_maps_are_found() {
        assert_eq!(count("src/apb/time.rs", "fn f(x: f64) { std::time::Instant::now(); }"), 2);
        assert_eq!(count("src/apb/decide.rs", "use std::{fs::File, collections::HashMap};"), 2);
        assert_eq!(count("src/apb/site.rs", "use std::collections::HashMap;"), 0);
        assert_eq!(count("src/apb/time.rs", "//! no f64, no Instant\nconst S: &str = \"SystemTime\";"), 0);
        assert_eq!(
            count("src/sim/clock.rs", "fn tick(t: Res<Time>, v: Res<Time<Fixed>>, s: Res<SimClock>) {}"),
            2
        );
        assert_eq!(count("src/sim/rng.rs", "let x = rand::rng();"), 1);
    }

    #[test]
    fn planted_fractions_are_found() {
        assert_eq!(fractions(&Source::new("src/apb/time.rs", "let a = 0.5 + b.0.1 + c.0; 1..2")).len(), 1);
    }
}
