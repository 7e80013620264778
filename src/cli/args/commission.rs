//! Arguments of `apbrig commission`.

use super::Format;
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub(in crate::cli) struct Commission {
    /// The site.
    #[arg(value_name = "SITE")]
    pub(in crate::cli) site: PathBuf,
    /// The rig that the site's devices hang on. Without it the site is simulated.
    #[arg(long, value_name = "RIG")]
    pub(in crate::cli) rig: Option<PathBuf>,
    /// The time zone of the site's clocks, such as Europe/London. What is valid is judged as of now.
    /// [default: UTC]
    #[arg(long, value_name = "ZONE")]
    pub(in crate::cli) time_zone: Option<String>,
    /// Where the certificate, the record and the progress go. [default: reports/commissioning/SITE, with the
    /// next free number where one is finished already]
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// Goes on where an earlier commissioning into the same folder was broken off.
    #[arg(long)]
    pub(in crate::cli) resume: bool,
    /// Only these phases: parts of their names, such as R1e or tailgate.
    #[arg(long, value_name = "PART")]
    pub(in crate::cli) only: Vec<String>,
    /// Print the plan and the findings, and leave.
    #[arg(long)]
    pub(in crate::cli) plan: bool,
    /// Nobody is there: what takes a person is skipped. [default: so if the input is no terminal]
    #[arg(long)]
    pub(in crate::cli) unattended: bool,
    /// How often a phase that fails is repeated while nobody is there; one that passes then is flaky.
    #[arg(long, value_name = "N", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u32).range(0..=10))]
    pub(in crate::cli) repeats: u32,
    /// Who carries it out, for the certificate.
    #[arg(long, value_name = "NAME", default_value = "")]
    pub(in crate::cli) tester: String,
    /// Who watches, for the certificate.
    #[arg(long, value_name = "NAME", default_value = "")]
    pub(in crate::cli) witness: String,
    /// Also a JUnit file.
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) junit: Option<PathBuf>,
    /// What is printed: text for people, or the record as one line of JSON.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(in crate::cli) format: Format,
    /// Print failures and the verdict only.
    #[arg(long, short)]
    pub(in crate::cli) quiet: bool,
}
