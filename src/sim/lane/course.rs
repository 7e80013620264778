//! The course of a leaf that picks up speed and loses it again: a trapezoid of speed over time, in closed
//! form, so that the instant of arrival is exact and the same on every machine.

use crate::apb::time::{Span, Time};

/// What a drive can do: travels a second, and a second again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Limits {
    speed: f64,
    acceleration: f64,
}

impl Limits {
    /// A drive that needs `full` from end to end and `ramp` of it to reach its speed, and to lose it; at most
    /// half. `None`: it needs no time for that.
    pub(super) fn of(full: Span, ramp: Span) -> Option<Self> {
        let (full, ramp) = (seconds(full), seconds(ramp));
        let ramp = ramp.min(full / 2.0);
        let speed = 1.0 / (full - ramp);
        (ramp > 0.0).then_some(Self { speed, acceleration: speed / ramp })
    }
}

/// A stretch of constant acceleration.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Phase {
    lasts: f64,
    acceleration: f64,
}

/// A motion from wherever the leaf was, at whatever speed, to rest at one end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Course {
    began: Time,
    from: f64,
    speed: f64,
    to: f64,
    phases: [Phase; 4],
}

impl Course {
    /// From a share of the travel and a speed, positive if it opens, to open or to shut.
    pub(super) fn new(began: Time, (from, speed): (f64, f64), open: bool, limits: Limits) -> Self {
        let to = if open { 1.0 } else { 0.0 };
        let way = if open { 1.0 } else { -1.0 };
        let Limits { speed: most, acceleration } = limits;
        let mut phases = [Phase::default(); 4];
        // Seen towards where it goes: so far to go, so fast on the way there.
        let (mut left, mut ahead) = ((to - from) * way, speed * way);
        if ahead < 0.0 {
            let lasts = -ahead / acceleration;
            phases[0] = Phase { lasts, acceleration: acceleration * way };
            left += ahead * ahead / (2.0 * acceleration);
            ahead = 0.0;
        }
        let stops_in = ahead * ahead / (2.0 * acceleration);
        if stops_in >= left {
            // Too fast for its brakes: the end stop takes the rest.
            let lasts = if ahead > 0.0 { 2.0 * left / ahead } else { 0.0 };
            let brake = if lasts > 0.0 { ahead / lasts } else { 0.0 };
            phases[1] = Phase { lasts, acceleration: -brake * way };
        } else {
            let peak = (acceleration * left + ahead * ahead / 2.0).sqrt().min(most.max(ahead));
            let squares = |a: f64, b: f64| (b * b - a * a) / (2.0 * acceleration);
            let cruise = left - squares(ahead, peak) - squares(0.0, peak);
            phases[1] = Phase { lasts: (peak - ahead) / acceleration, acceleration: acceleration * way };
            phases[2] = Phase { lasts: (cruise / peak).max(0.0), acceleration: 0.0 };
            phases[3] = Phase { lasts: peak / acceleration, acceleration: -acceleration * way };
        }
        Self { began, from, speed, to, phases }
    }

    /// The share of the travel and the speed at a time.
    pub(super) fn at(&self, now: Time) -> (f64, f64) {
        if now >= self.ends() {
            return (self.to, 0.0);
        }
        let mut left = seconds(now.since(self.began));
        let (mut place, mut speed) = (self.from, self.speed);
        for phase in self.phases {
            let t = left.min(phase.lasts);
            place += speed * t + phase.acceleration * t * t / 2.0;
            speed += phase.acceleration * t;
            left -= t;
            if left <= 0.0 {
                break;
            }
        }
        (place.clamp(0.0, 1.0), speed)
    }

    /// When it comes to rest, to the microsecond.
    pub(super) fn ends(&self) -> Time {
        let lasts: f64 = self.phases.iter().map(|p| p.lasts).sum();
        self.began + Span((lasts * 1e6).round() as u64)
    }
}

fn seconds(span: Span) -> f64 {
    span.0 as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: fn(u64) -> Time = |n| Time(n * 1_000);

    fn limits() -> Limits {
        Limits::of(Span::millis(500), Span::millis(100)).unwrap()
    }

    #[test]
    fn from_end_to_end_it_takes_its_time_and_is_half_way_at_half_time() {
        for open in [true, false] {
            let from = if open { 0.0 } else { 1.0 };
            let course = Course::new(MS(40), (from, 0.0), open, limits());
            assert_eq!(course.ends(), MS(540));
            assert!((course.at(MS(290)).0 - 0.5).abs() < 1e-9);
            assert!((course.at(MS(290)).1.abs() - 2.5).abs() < 1e-9, "it cruises at 1 / 0.4 s");
            // After the ramp it has gone half as far as at full speed.
            let gone = (course.at(MS(140)).0 - from).abs();
            assert!((gone - 0.125).abs() < 1e-9);
            assert_eq!(course.at(MS(900)), (1.0 - from, 0.0));
        }
    }

    #[test]
    fn a_short_way_never_reaches_full_speed() {
        let course = Course::new(MS(0), (0.96, 0.0), true, limits());
        // 0.04 of the travel at 25 a second squared: 2 · √(0.04 / 25) s.
        assert_eq!(course.ends(), MS(80));
    }

    #[test]
    fn it_brakes_before_it_turns_round() {
        let opening = Course::new(MS(0), (0.0, 0.0), true, limits());
        let state = opening.at(MS(250));
        let back = Course::new(MS(250), state, false, limits());
        assert!(back.at(MS(300)).0 > state.0, "it still opens while it brakes");
        assert!((back.at(MS(350)).0 - (state.0 + 0.125)).abs() < 1e-9);
        assert!(back.at(MS(350)).1.abs() < 1e-9);
        assert!(back.ends() > MS(500 + 100));
    }

    #[test]
    fn it_moves_steadily_and_never_faster_than_it_can() {
        for (from, speed) in [(0.0, 0.0), (0.3, 2.5), (0.3, -2.5), (0.95, 2.5), (0.05, -2.5), (1.0, 0.0)] {
            let course = Course::new(MS(0), (from, speed), true, limits());
            let mut last = (from, speed);
            for ms in 1..=course.ends().0 / 1_000 + 1 {
                let now = course.at(MS(ms));
                assert!((now.0 - last.0).abs() <= 2.5e-3 + 1e-9, "{from} {speed} at {ms}");
                last = now;
            }
            assert_eq!(last, (1.0, 0.0));
        }
    }
}
