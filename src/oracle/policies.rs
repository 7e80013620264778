//! The site with other policies, and one area's policy with other values.

use crate::apb::policy::Policy;
use crate::apb::site::{Area, Lane, Sensing, Site, SiteParts};
use crate::apb::vendor::{PRESETS, Subject, preset};
use crate::scenario::axis::{self, AxisError};
use crate::scenario::names::{listed, nearest};
use crate::scenario::syntax::shortened;

/// What to change about a site before it is asked.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// The policy of every area but the outside, by its name or that of a preset.
    pub policy: Option<String>,
    /// Axes and their values, `axis=value`, in order.
    pub set: Vec<String>,
    /// Whether lanes that are sensed by beams stay so. If not, every lane reports by signals.
    pub beams: bool,
}

/// The site after these changes.
///
/// # Errors
/// There is no such axis or value, or the site does not hold together afterwards.
pub fn changed_site(site: &Site, changes: &Changes) -> Result<Site, String> {
    let mut parts = SiteParts::clone(site);
    if let Some(name) = &changes.policy {
        let (policy, subject) = named_policy(name)?;
        parts.areas.iter_mut().skip(1).for_each(|area| area.policy = policy.clone());
        if subject == Subject::Credential {
            axis::set(&mut parts, "subject", "credential").map_err(|error| error.to_string())?;
        }
    }
    for written in &changes.set {
        axis::assign(&mut parts, written).map_err(|error| error.to_string())?;
    }
    if !changes.beams {
        parts.lanes.iter_mut().for_each(|lane| lane.sensing = Sensing::Signals);
    }
    Site::new(parts).map_err(|errors| {
        let all: Vec<String> = errors.into_iter().map(|e| e.message).collect();
        format!("the site does not hold together with these policies: {}", all.join("; "))
    })
}

/// The policy of that name, and whom a preset of that name follows.
fn named_policy(name: &str) -> Result<(Policy, Subject), String> {
    let named = Policy::named(name).map(|policy| (policy, Subject::Unclaimed));
    named.or_else(|| preset(name).map(|p| ((p.policy)(), p.subject))).ok_or_else(|| {
        let names = || Policy::NAMES.into_iter().chain(PRESETS.iter().map(|p| p.name));
        let help = match nearest(name, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "the policies are {}; presets of real systems begin with bacnet, genetec, mercury, suprema, \
                 uhppote and winpak",
                listed(Policy::NAMES.into_iter())
            ),
        };
        format!("there is no policy `{}`; {help}", shortened(name))
    })
}

/// A policy after another one was chosen by name and values set on some of its axes.
pub(super) fn changed_policy(
    now: &Policy,
    name: Option<&str>,
    axes: &[(&str, String)],
    site: &Site,
) -> Result<Policy, String> {
    let named = name.map(named_policy).transpose()?.map(|(policy, _)| policy);
    let mut probe = probe(named.as_ref().unwrap_or(now), site);
    for (axis, value) in axes {
        let before = probe.clone();
        axis::set(&mut probe, axis, value).map_err(|error: AxisError| error.to_string())?;
        if without_policy(&probe) != without_policy(&before) {
            let axis = shortened(axis);
            return Err(format!(
                "`{axis}` is no axis of policies; set it from the start, --set {axis}={value}"
            ));
        }
    }
    probe.areas.pop().map(|area| area.policy).ok_or_else(|| "the policy is gone".to_owned())
}

/// A site small enough to try a policy on: what axes that are not about policies would change is there, too.
fn probe(policy: &Policy, site: &Site) -> SiteParts {
    let area = Area { policy: policy.clone(), ..Area::default() };
    // No value that anybody could set: setting any is then noticed.
    let lane = site.lanes.first().map(|lane| Lane { memory: u8::MAX, ..lane.clone() });
    let (areas, lanes) = (vec![Area::default(), area], lane.into_iter().collect());
    SiteParts { areas, lanes, schedules: site.schedules.clone(), ..SiteParts::default() }
}

fn without_policy(site: &SiteParts) -> SiteParts {
    let mut site = site.clone();
    site.areas.iter_mut().for_each(|area| area.policy = Policy::default());
    site
}
