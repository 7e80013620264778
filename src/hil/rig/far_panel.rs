//! The panel at the far end of emulated lines: our own controller, on a thread of its own.

use super::bench::Setting;
use super::duty::Duty;
use super::plan::{FarEnd, LinePlan, Place, Rig};
use crate::apb::site::Site;
use crate::apb::time::Span;
use crate::hil::emulate::Defect;
use crate::hil::line::Address;
use crate::hil::panel;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// How often it looks after its lines: a panel decides within some milliseconds.
const LOOKS_EVERY: Span = Span::millis(2);

/// A panel at work. Dropped, it stops.
pub(super) struct FarPanel {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl FarPanel {
    /// Starts the panel of a rig, if one is to be emulated. `folder`: where the links of its lines are.
    ///
    /// # Errors
    /// There is no site that it could decide for, or it does not fit the rig.
    pub(super) fn start(
        rig: &Rig,
        folder: Option<&Path>,
        site: Option<&Arc<Site>>,
    ) -> Result<Option<Self>, String> {
        let mut seen = rig.clone();
        seen.lines.retain(is_emulated);
        if seen.lines.is_empty() {
            return Ok(None);
        }
        let site = site.ok_or("a panel decides for a site: the one to emulate has none")?;
        let mut seen = seen.from_the_panel();
        for line in &mut seen.lines {
            line.at = Place::At(Address::Serial(folder.map_or_else(PathBuf::new, |f| f.join(&line.id))));
        }
        let follows = rig.panel.as_deref().and_then(panel::named);
        let defects = follows.map(|policy| Defect::Policy(Box::new(policy))).into_iter().collect();
        let mut duty = Duty::start(&seen, site, defects, Setting::default())?;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let work = move || {
            while !stopped.load(Ordering::Relaxed) {
                duty.serve();
                duty.wait_until(duty.now() + LOOKS_EVERY);
            }
        };
        let thread = std::thread::Builder::new().name("panel".into()).spawn(work);
        let thread = thread.map_err(|error| format!("the emulated panel cannot run: {error}"))?;
        Ok(Some(Self { stop, thread: Some(thread) }))
    }
}

impl Drop for FarPanel {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A panic on the thread has been shown there.
            let _ = thread.join();
        }
    }
}

/// Whether a panel is to be emulated at the far end of a line.
fn is_emulated(line: &LinePlan) -> bool {
    line.at == Place::Emulated && line.far_end == FarEnd::Panel
}
