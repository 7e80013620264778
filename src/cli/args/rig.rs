//! Arguments of `apbrig rig` and `apbrig commission`.

use super::{Format, parse_time};
use crate::apb::time::Span;
use crate::hil::line::Address;
use clap::Subcommand;
use std::path::PathBuf;

#[derive(Subcommand, Debug)]
pub(in crate::cli) enum Rig {
    /// Find the devices of a rig and say in plain words what is wrong. Without a rig: list the serial ports.
    Check(RigCheck),
    /// Be the far end of a rig's lines: its gates and readers, or a panel with apbrig's controller in it.
    /// Reads what people do from standard input, such as `R1e card 1042`; `help` lists all.
    Emulate(RigEmulate),
    /// Show the traffic of a rig's lines, and record it.
    Monitor(RigMonitor),
    /// Measure how long it takes from a release to motion and from a sensor to its report, beside the time
    /// the bytes need on the wire.
    Latency(RigLatency),
}

#[derive(clap::Args, Debug)]
pub(in crate::cli) struct RigCheck {
    /// The rig.
    #[arg(value_name = "RIG")]
    pub(in crate::cli) rig: Option<PathBuf>,
    /// The site or scenario whose readers and lanes the devices are.
    #[arg(long, value_name = "SITE", requires = "rig")]
    pub(in crate::cli) site: Option<PathBuf>,
    /// How long each device may take to answer.
    #[arg(long, value_name = "TIME", value_parser = parse_time, default_value = "5s")]
    pub(in crate::cli) wait: Span,
    /// What is printed: a table for people, or one line of JSON.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(in crate::cli) format: Format,
}

#[derive(clap::Args, Debug)]
pub(in crate::cli) struct RigEmulate {
    /// The rig.
    #[arg(value_name = "RIG")]
    pub(in crate::cli) rig: PathBuf,
    /// The site that emulated gates guard, or that an emulated panel decides for.
    #[arg(long, value_name = "SITE")]
    pub(in crate::cli) site: Option<PathBuf>,
    /// The policy of an emulated panel, in place of the site's own: to be a panel that is set wrongly.
    #[arg(long, value_name = "NAME", requires = "site")]
    pub(in crate::cli) policy: Option<String>,
    /// Where a line is offered, in place of what the rig says: readers=pty:/tmp/readers,
    /// io=listen:0.0.0.0:502.
    #[arg(long, value_name = "LINE=ADDRESS", value_parser = parse_line_at)]
    pub(in crate::cli) at: Vec<(String, Address)>,
    /// Ends by itself after this long. [default: at the end of standard input or at Ctrl-C]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub(in crate::cli) time: Option<Span>,
}

#[derive(clap::Args, Debug)]
pub(in crate::cli) struct RigMonitor {
    /// The rig.
    #[arg(value_name = "RIG")]
    pub(in crate::cli) rig: PathBuf,
    /// The site that an emulated panel of the rig decides for.
    #[arg(long, value_name = "SITE")]
    pub(in crate::cli) site: Option<PathBuf>,
    /// Only listen: send nothing. For a line on which another host asks.
    #[arg(long)]
    pub(in crate::cli) listen: bool,
    /// Also write the traffic to a file: *.jsonl, or *.pcapng for Wireshark. Keys are left out.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) record: Option<PathBuf>,
    /// Ends by itself after this long. [default: at Ctrl-C]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub(in crate::cli) time: Option<Span>,
    /// Show a recorded file instead of a line.
    #[arg(long)]
    pub(in crate::cli) replay: bool,
}

#[derive(clap::Args, Debug)]
pub(in crate::cli) struct RigLatency {
    /// The rig.
    #[arg(value_name = "RIG")]
    pub(in crate::cli) rig: PathBuf,
    /// How often each is measured.
    #[arg(long, value_name = "N", default_value_t = 50)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub(in crate::cli) count: u64,
    /// What is printed: a table for people, or one line of JSON.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(in crate::cli) format: Format,
}

fn parse_line_at(text: &str) -> Result<(String, Address), String> {
    let (line, address) = text.split_once('=').ok_or("expected LINE=ADDRESS")?;
    Ok((line.to_owned(), address.parse()?))
}
