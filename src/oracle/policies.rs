//! The site with other policies, and one area's policy with other values.

use crate::apb::id::HolderId;
use crate::apb::policy::Policy;
use crate::apb::site::{Area, Lane, Sensing, Site, SiteParts};
use crate::apb::vendor::{PRESETS, Subject};
use crate::scenario::axis::{self, AxisError, named_policy};
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

/// The site after these changes, and what of them changed nothing.
///
/// # Errors
/// There is no such axis or value, or the site does not hold together afterwards.
pub fn changed_site(site: &Site, changes: &Changes) -> Result<(Site, Vec<String>), String> {
    let mut parts = SiteParts::clone(site);
    if let Some(name) = &changes.policy {
        named_policy(name).ok_or_else(|| no_policy(name))?;
        axis::set(&mut parts, "policy", name).map_err(|error| error.to_string())?;
    }
    let axis_of = |written: &String| written.split('=').next().unwrap_or_default().trim().to_owned();
    for written in &changes.set {
        let axis = axis_of(written);
        if axis::is_of_domains(&axis) {
            return Err(one_for_all(&axis));
        }
        axis::assign(&mut parts, written).map_err(|error| error.to_string())?;
    }
    let idle = |written| {
        let axis = axis_of(written);
        axis::idle(&parts, &axis).map(|why| format!("--set {written} changes nothing as yet: {why}"))
    };
    let notes = changes.set.iter().filter_map(idle).collect();
    if !changes.beams {
        parts.lanes.iter_mut().for_each(|lane| lane.sensing = Sensing::Signals);
    }
    let site = Site::new(parts).map_err(|errors| {
        let all: Vec<String> = errors.into_iter().map(|e| e.message).collect();
        format!("the site does not hold together with these policies: {}", all.join("; "))
    })?;
    Ok((site, notes))
}

/// Why an axis of domains is refused.
fn one_for_all(axis: &str) -> String {
    format!(
        "`{axis}` says how several panels decide together, and here one controller decides for all; write it \
         in the site's `domain` and try it with `apbrig run`"
    )
}

fn no_policy(name: &str) -> String {
    let names = Policy::NAMES.into_iter().chain(PRESETS.iter().map(|p| p.name));
    let help = match nearest(name, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "the policies are {}; --list-presets shows those of real systems",
            listed(Policy::NAMES.into_iter())
        ),
    };
    format!("there is no policy `{}`; {help}", shortened(name))
}

/// That a preset follows whom the site follows, which stays as it is once the site is asked.
fn check_subject(name: &str, site: &Site) -> Result<(), String> {
    let follows_credentials = named_policy(name).is_some_and(|(_, follows)| follows == Subject::Credential);
    let has_several = |holder: usize| site.credentials_of(HolderId::at(holder)).len() > 1;
    if !follows_credentials || !(0..site.holders.len()).any(has_several) {
        return Ok(());
    }
    Err(format!(
        "`{name}` follows each credential by itself, and this site's holders have several; whom a site \
         follows does not change while it is asked: start with --set subject=credential"
    ))
}

/// A policy after another one was chosen by name and values set on some of its axes.
pub(super) fn changed_policy(
    now: &Policy,
    name: Option<&str>,
    axes: &[(&str, String)],
    site: &Site,
) -> Result<Policy, String> {
    if let Some(name) = name {
        named_policy(name).ok_or_else(|| no_policy(name))?;
    }
    let named = name.map(|name| ("policy", name));
    let set = axes.iter().map(|(axis, value)| (*axis, value.as_str()));
    let mut probe = probe(now, site);
    for (axis, value) in named.into_iter().chain(set) {
        if axis::is_of_domains(axis) {
            return Err(one_for_all(axis));
        }
        if axis == "policy" {
            check_subject(value, site)?;
        }
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
