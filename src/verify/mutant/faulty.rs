//! The wrapper: a sound controller with a quirk between it and the world.

use crate::apb::controller::Controller;
use crate::apb::effect::Effects;
use crate::apb::input::Input;
use crate::apb::policy::Policy;
use crate::apb::site::{Site, SiteParts};
use crate::apb::time::Time;
use crate::sim::Decider;
use std::sync::Arc;

/// What is wrong with a controller.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quirk {
    /// The site it believes it stands in.
    pub(super) site: fn(&mut SiteParts),
    /// The policy it takes a policy for.
    pub(super) policy: fn(&mut Policy),
    /// What it takes an input for; `None`: it does not hear it.
    pub(super) hears: fn(&Site, Input) -> Option<Input>,
    /// What it does, after it has done what is right.
    pub(super) does: fn(&mut Deed<'_>),
}

/// Nothing.
pub(super) const SOUND: Quirk =
    Quirk { site: |_| {}, policy: |_| {}, hears: |_, input| Some(input), does: |_| {} };

/// One call of the controller, and what came out of it.
#[derive(Debug)]
pub(super) struct Deed<'a> {
    pub(super) controller: &'a mut Controller,
    pub(super) now: Time,
    pub(super) effects: &'a mut Effects,
}

impl Deed<'_> {
    /// Makes the controller take something in that nobody told it; nobody learns what came of it.
    pub(super) fn secretly(&mut self, input: &Input) {
        self.controller.handle(self.now, input, &mut Effects::default());
    }
}

/// A controller with something wrong.
#[derive(Clone, Debug)]
pub struct Faulty {
    controller: Controller,
    quirk: Quirk,
    /// The number of the next journal entry: no gap gives away what was left out.
    seq: u64,
}

impl Faulty {
    /// This quirk at this site; `None` if there is no such site any more with it.
    pub(super) fn new(site: &Site, quirk: Quirk) -> Option<Self> {
        let mut parts = SiteParts::clone(site);
        parts.areas.iter_mut().for_each(|area| (quirk.policy)(&mut area.policy));
        (quirk.site)(&mut parts);
        let site = Site::new(parts).ok()?;
        Some(Self { controller: Controller::new(Arc::new(site)), quirk, seq: 0 })
    }

    fn act(&mut self, now: Time, effects: &mut Effects, act: impl FnOnce(&mut Controller, &mut Effects)) {
        let mut own = Effects::default();
        act(&mut self.controller, &mut own);
        (self.quirk.does)(&mut Deed { controller: &mut self.controller, now, effects: &mut own });
        for entry in &mut own.entries {
            entry.seq = self.seq;
            self.seq += 1;
        }
        effects.entries.append(&mut own.entries);
        effects.commands.append(&mut own.commands);
    }
}

impl Decider for Faulty {
    fn handle(&mut self, now: Time, input: &Input, effects: &mut Effects) {
        let mut input = input.clone();
        if let Input::SetPolicy { policy, .. } = &mut input {
            (self.quirk.policy)(policy);
        }
        let heard = (self.quirk.hears)(self.controller.site(), input);
        self.act(now, effects, |controller, own| match &heard {
            Some(input) => controller.handle(now, input, own),
            None => controller.expire(now, own),
        });
    }

    fn expire(&mut self, now: Time, effects: &mut Effects) {
        self.act(now, effects, |controller, own| controller.expire(now, own));
    }

    fn next_deadline(&self) -> Option<Time> {
        Decider::next_deadline(&self.controller)
    }

    fn controller(&self) -> Option<&Controller> {
        None
    }
}
