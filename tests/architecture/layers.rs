//! The layer table as data: which layer may use which layer, crate and feature.

use crate::manifest::Manifest;
use crate::paths::{Named, paths};
use crate::source::{Source, read, sources};

/// One row of the table.
struct Layer {
    /// Its folder below `src/`, its module and, if it can be left out, its feature.
    name: &'static str,
    /// The layers it may use beside itself.
    may_use: &'static [&'static str],
    /// The external crates it may use.
    crates: &'static [&'static str],
}

/// Arrows only point up this list. `sim` and `hil` are siblings that meet in `sim::port`.
const LAYERS: &[Layer] = &[
    Layer { name: "apb", may_use: &[], crates: &["rustc_hash", "serde", "thiserror"] },
    Layer {
        name: "record",
        may_use: &["apb"],
        crates: &["flate2", "serde", "serde_json", "sha2", "thiserror"],
    },
    Layer {
        name: "scenario",
        may_use: &["apb"],
        crates: &["annotate_snippets", "jiff", "libm", "ron", "serde", "strsim", "thiserror"],
    },
    Layer {
        name: "metrics",
        may_use: &["apb", "record", "scenario"],
        crates: &["libm", "serde", "serde_json"],
    },
    Layer {
        name: "sim",
        may_use: &["apb", "record", "scenario"],
        // `wide`: several people of a crowd at once.
        crates: &["bevy", "libm", "rand", "thiserror", "wide"],
    },
    Layer {
        name: "hil",
        may_use: &["apb", "scenario"],
        // `osdp`, `rmodbus`: framing of two protocols; `pcap_file`: captures; `rand`: a cable's faults;
        // `socket2`: when a connection counts as gone.
        crates: &[
            "osdp",
            "pcap_file",
            "rand",
            "rmodbus",
            "serde",
            "serde_json",
            "socket2",
            "thiserror",
            "tokio",
            "tokio_serial",
        ],
    },
    Layer {
        name: "commission",
        may_use: &["apb", "scenario", "hil"],
        crates: &["serde", "serde_json", "thiserror"],
    },
    Layer {
        name: "store",
        may_use: &["apb"],
        // `sha2`: the entries of a journal are a chain of SHA-256 hashes.
        crates: &["rusqlite", "serde", "serde_json", "sha2", "thiserror"],
    },
    Layer {
        name: "verify",
        may_use: &["apb", "record", "scenario", "metrics", "sim"],
        crates: &["rand", "serde", "serde_json", "thiserror"],
    },
    Layer {
        name: "report",
        // Of `apb` only what a report calls by name: ids, times, reasons; of `commission` what came of it.
        may_use: &["apb", "record", "metrics", "scenario", "commission"],
        // `rusqlite`: the exchange format of crowd trajectories is an SQLite file.
        crates: &[
            "csv",
            "jiff",
            "maud",
            "plotters",
            "quick_junit",
            "rusqlite",
            "serde",
            "serde_json",
            "thiserror",
        ],
    },
    Layer {
        name: "oracle",
        may_use: &["apb", "scenario"],
        // A table of positions is a third of the memory of a map of names: see `oracle/table.rs`.
        crates: &["csv", "hashbrown", "rustc_hash", "serde", "serde_json", "thiserror"],
    },
    Layer {
        name: "viewer",
        may_use: &["apb", "record", "scenario", "sim"],
        crates: &["bevy", "libm", "thiserror"],
    },
    Layer {
        name: "cli",
        may_use: &[
            "apb",
            "record",
            "scenario",
            "metrics",
            "sim",
            "hil",
            "commission",
            "store",
            "verify",
            "report",
            "oracle",
            "viewer",
        ],
        // `jiff`: when a commissioning was, on the wall clock.
        crates: &["anstream", "clap", "ctrlc", "indicatif", "jiff", "serde_json", "thiserror"],
    },
];

/// The layers that are always built and have no feature.
const PURE: &[&str] = &["apb", "record", "scenario", "metrics"];

/// Single files that may name one module more than their layer.
const BRIDGES: &[(&str, &str)] = &[("src/hil/plugin.rs", "crate::sim::port"), ("src/hil/plugin.rs", "bevy")];

/// The file that may name everything, and the one that may name the command line only.
const MAP: &str = "src/lib.rs";
const ENTRY: &str = "src/main.rs";

/// The layer a file belongs to; `None`: it lies beside the layers.
fn layer_of(path: &str) -> Option<&str> {
    path.strip_prefix("src/")?.split_once('/').map(|(folder, _)| folder)
}

fn row(name: &str) -> Option<&'static Layer> {
    LAYERS.iter().find(|l| l.name == name)
}

fn is_bridge(source: &Source, named: &Named) -> bool {
    BRIDGES.iter().any(|(file, path)| *file == source.path && named.is_below(path))
}

/// Paths that lead where the file's layer may not look.
fn trespasses(source: &Source) -> Vec<String> {
    let own = layer_of(&source.path);
    let may = |other: &str| match own {
        Some(own) => other == own || row(own).is_some_and(|l| l.may_use.contains(&other)),
        None => source.path == MAP || other == "cli",
    };
    let found = paths(source).into_iter().filter_map(|named| {
        let other = named.layer().filter(|other| !may(other) && !is_bridge(source, &named))?;
        let shown = own.unwrap_or("this file");
        let reason = if other.is_empty() || row(other).is_none() {
            "no layer is called that; name the layer that holds what you need".into()
        } else {
            format!(
                "`{shown}` may not know `{other}`; pass in what it needs, or move this to a layer above both"
            )
        };
        Some(format!("{}: `{}`: {reason}", source.at(named.line), named.path.join("::")))
    });
    found.collect()
}

/// External crates that the file's layer may not use.
fn strangers(source: &Source, manifest: &Manifest) -> Vec<String> {
    let allowed = layer_of(&source.path).and_then(row).map_or(&[][..], |l| l.crates);
    let found = paths(source).into_iter().filter(|named| {
        let name = named.path[0].as_str();
        let known = allowed.contains(&name) || manifest.dev_only.iter().any(|d| d == name);
        manifest.dependencies.iter().any(|d| d == name) && !known && !is_bridge(source, named)
    });
    let say = |named: Named| {
        let name = &named.path[0];
        let layer = layer_of(&source.path).unwrap_or("this file");
        format!(
            "{}: `{layer}` may not use the crate `{name}`; keep it in its own layer, or add it \
             to the layer's row in tests/architecture/layers.rs and say why",
            source.at(named.line)
        )
    };
    found.map(say).collect()
}

/// Files that are compiled for tests only: those declared by `#[cfg(test)] mod name;`. They may use any
/// crate.
fn test_files(sources: &[Source]) -> Vec<String> {
    const DECLARED: &[&str] = &["#", "[", "cfg", "(", "test", ")", "]", "mod"];
    let mut found = Vec::new();
    for source in sources {
        let folder = match source.path.rsplit_once('/') {
            Some((folder, "mod.rs" | "lib.rs")) => folder.to_string(),
            _ => source.path.trim_end_matches(".rs").to_string(),
        };
        for row in source.tokens.windows(DECLARED.len() + 2) {
            let fits = DECLARED.iter().zip(row).all(|(word, token)| token.is(word));
            if fits && row[DECLARED.len() + 1].is(";") {
                found.push(format!("{folder}/{}.rs", row[DECLARED.len()].text));
            }
        }
    }
    found
}

/// What is wrong with the features, given the layers that exist.
fn feature_faults(manifest: &Manifest, map: &str, existing: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    for name in existing.iter().copied().filter(|n| !PURE.contains(n)) {
        let Some(parts) = manifest.features.get(name) else {
            faults
                .push(format!("Cargo.toml: layer `{name}` has no feature; add `{name} = […]` to [features]"));
            continue;
        };
        let wanted = format!("#[cfg(feature = \"{name}\")]\npub mod {name};");
        if !map.contains(&wanted) {
            faults.push(format!("{MAP}: module `{name}` is not behind its feature; write {wanted:?}"));
        }
        let crates = row(name).map_or(&[][..], |l| l.crates);
        for part in parts {
            let Some(dependency) = part.strip_prefix("dep:") else { continue };
            if !crates.contains(&dependency.replace('-', "_").as_str()) {
                faults.push(format!(
                    "Cargo.toml: feature `{name}` brings in `{dependency}`, which its layer may not use; \
                     move it to the feature of the layer that does"
                ));
            }
        }
    }
    for name in PURE.iter().filter(|n| manifest.features.contains_key(**n)) {
        faults.push(format!("Cargo.toml: `{name}` is always built; remove its feature"));
    }
    faults
}

/// The layers that have a folder, or a file, of their own.
fn existing() -> Vec<String> {
    let mut names: Vec<String> =
        sources("src").iter().filter_map(|s| layer_of(&s.path).map(String::from)).collect();
    names.dedup();
    names
}

#[test]
fn every_folder_is_a_layer() {
    let strays: Vec<String> = sources("src")
        .into_iter()
        .filter(|s| match layer_of(&s.path) {
            Some(layer) => row(layer).is_none(),
            None => s.path != MAP && s.path != ENTRY,
        })
        .map(|s| s.path)
        .collect();
    assert!(strays.is_empty(), "no layer owns {strays:?}; move them into one, or add a row to LAYERS");
}

#[test]
fn layers_use_only_the_layers_in_their_row() {
    let found: Vec<String> = sources("src").iter().flat_map(trespasses).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn layers_use_only_the_crates_in_their_row() {
    let manifest = Manifest::of_repository();
    let sources = sources("src");
    let tests = test_files(&sources);
    let shipped = sources.iter().filter(|s| !tests.contains(&s.path));
    let found: Vec<String> = shipped.flat_map(|s| strangers(s, &manifest)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn features_mirror_layers() {
    let map = read(MAP).expect("src/lib.rs is there");
    let existing = existing();
    let existing: Vec<&str> = existing.iter().map(String::as_str).collect();
    let found = feature_faults(&Manifest::of_repository(), &map, &existing);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The layers that the map shows, each with those it says the layer may use.
fn shown_on(map: &str) -> Vec<(String, Vec<String>)> {
    let name = |cell: &str| cell.trim().trim_matches(['[', ']', '`']).to_string();
    let rows = map.lines().filter_map(|l| l.strip_prefix("//! |"));
    let rows = rows.map(|r| r.split('|').map(str::trim).collect::<Vec<_>>());
    let rows = rows.filter(|cells| cells.len() > 3 && row(&name(cells[0])).is_some());
    rows.map(|cells| {
        let uses = cells[2].split(',').map(name).filter(|n| row(n).is_some() || n == "all");
        (name(cells[0]), uses.collect())
    })
    .collect()
}

#[test]
fn the_map_shows_this_table() {
    let shown = shown_on(&read(MAP).expect("src/lib.rs is there"));
    for name in existing() {
        let Some((_, uses)) = shown.iter().find(|(n, _)| *n == name) else {
            panic!("{MAP}: layer `{name}` is not in its table; add a row")
        };
        let may: &[&str] = row(&name).map_or(&[], |l| l.may_use);
        let same = uses.len() == may.len() && may.iter().all(|m| uses.iter().any(|u| u == m));
        assert!(same || *uses == ["all"], "{MAP}: `{name}` is said to use {uses:?}, LAYERS says {may:?}");
    }
}

#[test]
fn no_arrow_in_the_table_points_down() {
    for (i, layer) in LAYERS.iter().enumerate() {
        for used in layer.may_use {
            let above = LAYERS[..i].iter().any(|l| l.name == *used);
            assert!(above, "`{}` uses `{used}`, which is not above it; reorder LAYERS", layer.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(text: &str) -> Manifest {
        Manifest::parse(text)
    }

    #[test]
    fn a_planted_import_is_found() {
        let bad = Source::new("src/apb/time.rs", "use crate::{apb::id, sim::{port, clock}};");
        assert_eq!(trespasses(&bad).len(), 2);
        let bad = Source::new("src/metrics/drift.rs", "mod t { fn f() { super::super::super::sim::go() } }");
        assert_eq!(trespasses(&bad).len(), 1);
        let good = Source::new("src/sim/run.rs", "// crate::cli\nuse crate::record; use super::port;");
        assert!(trespasses(&good).is_empty());
    }

    #[test]
    fn the_bridge_carries_one_file_only() {
        let text = "use crate::sim::port::FromLane;";
        assert!(trespasses(&Source::new("src/hil/plugin.rs", text)).is_empty());
        assert_eq!(trespasses(&Source::new("src/hil/bench.rs", text)).len(), 1);
        assert_eq!(trespasses(&Source::new("src/hil/plugin.rs", "use crate::sim::clock;")).len(), 1);
    }

    #[test]
    fn main_knows_the_command_line_only() {
        assert!(trespasses(&Source::new(ENTRY, "fn main() { apbrig::cli::main() }")).is_empty());
        assert_eq!(trespasses(&Source::new(ENTRY, "use apbrig::sim::Simulation;")).len(), 1);
    }

    #[test]
    fn a_planted_crate_is_found() {
        let manifest =
            manifest("[dependencies]\nbevy = \"1\"\nserde = \"1\"\n[dev-dependencies]\nproptest = \"1\"");
        let bad = Source::new("src/apb/time.rs", "use bevy::prelude::*; use serde::S; use proptest::p;");
        assert_eq!(strangers(&bad, &manifest).len(), 1);
        let good = Source::new("src/sim/clock.rs", "use bevy::prelude::*;");
        assert!(strangers(&good, &manifest).is_empty());
    }

    #[test]
    fn test_files_are_known_by_their_declaration() {
        let text = "#[cfg(test)]\nmod cases; mod live; #[cfg(test)] mod tests { use super::*; }";
        assert_eq!(test_files(&[Source::new("src/apb/lane/mod.rs", text)]), ["src/apb/lane/cases.rs"]);
        assert_eq!(test_files(&[Source::new("src/apb/time.rs", text)]), ["src/apb/time/cases.rs"]);
    }

    #[test]
    fn the_map_is_read_row_by_row() {
        let map = "//! | layer | what | may use |\n//! |---|---|---|\n//! | [`apb`] | a | – |\n\
                   //! | `sim` | b, `cli` | `apb`, `record` |";
        let want = [("apb", vec![]), ("sim", vec!["apb", "record"])];
        let want = want.map(|(n, u)| (n.to_string(), u.into_iter().map(String::from).collect()));
        assert_eq!(shown_on(map), Vec::from(want));
    }

    #[test]
    fn a_missing_or_careless_feature_is_found() {
        let text = "[features]\nsim = [\"dep:bevy\", \"dep:clap\"]\napb = []";
        let map = "#[cfg(feature = \"sim\")]\npub mod sim;";
        assert_eq!(feature_faults(&manifest(text), map, &["apb", "sim", "cli"]).len(), 3);
        assert_eq!(feature_faults(&manifest("[features]\nsim = []"), "pub mod sim;", &["sim"]).len(), 1);
    }
}
