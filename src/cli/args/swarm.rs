//! Arguments of `apbrig swarm`.

use super::{Format, parse_time};
use crate::apb::time::Span;
use crate::verify::seed::parse_seed;
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Swarm {
    /// A number, decimal or hexadecimal, or a hexadecimal text such as a commit's hash. [default: a fresh
    /// one]
    #[arg(long, value_name = "S", value_parser = swarm_seed)]
    pub(in crate::cli) seed: Option<SwarmSeed>,
    /// How many cases.
    #[arg(long, value_name = "N", default_value_t = 1_000, conflicts_with = "time")]
    #[arg(value_parser = clap::value_parser!(u64).range(1..))]
    pub(in crate::cli) cases: u64,
    /// As many cases as there is time for: "10min".
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub(in crate::cli) time: Option<Span>,
    /// This case of the swarm only.
    #[arg(long, value_name = "K", requires = "seed", conflicts_with_all = ["cases", "time"])]
    #[arg(value_parser = clap::value_parser!(u64).range(..u64::MAX))]
    pub(in crate::cli) case: Option<u64>,
    /// No random cases: these scenarios, or every one below these folders.
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["seed", "cases", "time", "case"])]
    pub(in crate::cli) check: Vec<PathBuf>,
    /// How many cases go on at the same time. [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(in crate::cli) jobs: Option<u64>,
    /// Where failing cases are written, shrunk.
    #[arg(long, value_name = "DIR", default_value = "reports/runs/swarm")]
    pub(in crate::cli) out: PathBuf,
    /// What is printed: text for people, or lines of JSON.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(in crate::cli) format: Format,
}

/// A swarm's seed, and how it was written.
#[derive(Clone, Debug)]
pub(in crate::cli) struct SwarmSeed {
    pub(in crate::cli) number: u64,
    pub(in crate::cli) written: String,
}

fn swarm_seed(text: &str) -> Result<SwarmSeed, String> {
    parse_seed(text).map(|number| SwarmSeed { number, written: text.to_owned() })
}
