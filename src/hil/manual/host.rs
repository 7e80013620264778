//! The end whose line is an operator's terminal.

use super::typed::{HELP, Typed, read};
use crate::apb::effect::{Signal, Tone};
use crate::apb::id::Direction;
use crate::apb::site::PassMode;
use crate::apb::time::Time;
use crate::hil::capability::{Capabilities, Capability};
use crate::hil::driver::{Driver, Note, Outbox, Unit};
use crate::hil::lines::Lines;
use crate::hil::message::{Order, Report};
use std::collections::VecDeque;

/// The longest line that is read, bytes.
const LINE_MAX: usize = 200;

/// How many instructions are remembered, so that the operator can say that one cannot be done.
const REMEMBERED: usize = 32;

/// What a person looks after: a lane's gate, a reader, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Post {
    /// The lane's name, if it is a gate.
    pub lane: Option<String>,
    /// The reader's name, if it is one.
    pub reader: Option<String>,
}

impl Post {
    /// The gate of a lane.
    pub fn gate(lane: &str) -> Self {
        Self { lane: Some(lane.into()), reader: None }
    }

    /// A reader.
    pub fn reader(reader: &str) -> Self {
        Self { lane: None, reader: Some(reader.into()) }
    }

    fn name(&self) -> String {
        match (&self.lane, &self.reader) {
            (Some(lane), Some(reader)) => format!("Lane {lane}, reader {reader}"),
            (Some(lane), None) => format!("Lane {lane}"),
            (None, Some(reader)) => format!("Reader {reader}"),
            (None, None) => "Here".into(),
        }
    }
}

/// What can be carried by a person. There is no supervision: nobody notices that the operator has gone.
pub fn capabilities() -> Capabilities {
    Capabilities::of(&[
        Capability::Read,
        Capability::Factor,
        Capability::Show,
        Capability::Text,
        Capability::Release,
        Capability::Shut,
        Capability::Mode,
        Capability::Buzz,
        Capability::FireOrder,
        Capability::Leaf,
        Capability::Opened,
        Capability::Passed,
        Capability::Alarm,
        Capability::AlarmKind,
        Capability::Fire,
        Capability::Outputs,
    ])
}

/// The end whose line is an operator's terminal: each order becomes a numbered sentence, each line that is
/// typed a report. It waits for nobody; what an operator does not do does not happen, as with any gate.
pub struct Host {
    posts: Vec<Post>,
    lines: Lines,
    up: bool,
    count: u32,
    said: VecDeque<(u32, Unit, String)>,
}

impl Host {
    /// A host for what a person looks after; the places in the list are the [`Unit`]s.
    pub fn new(posts: &[Post]) -> Self {
        Self {
            posts: posts.to_vec(),
            lines: Lines::new(LINE_MAX),
            up: false,
            count: 0,
            said: VecDeque::new(),
        }
    }

    fn line(&mut self, line: &str, out: &mut Outbox<Report>) {
        match read(line, &self.posts) {
            Ok(Typed::Help) => write(&help(), out),
            Ok(Typed::Reports(post, reports)) => {
                reports.into_iter().for_each(|report| out.say(Unit::at(post), report));
            }
            Ok(Typed::No(number)) => match self.said.iter().position(|(n, _, _)| *n == number) {
                Some(at) => {
                    if let Some((_, unit, name)) = self.said.remove(at) {
                        out.note(unit, Note::Refused(format!("{name}: the operator cannot")));
                    }
                    write(&format!("Noted: {number} was not done."), out);
                }
                None => write(&format!("There is no instruction {number} to say no to."), out),
            },
            Err(why) => write(&why, out),
        }
    }
}

/// One or more lines for the operator. Whatever a text holds, no control character gets through.
fn write(text: &str, out: &mut Outbox<Report>) {
    let clean: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    out.frames.push(format!("{clean}\n").into_bytes());
}

fn help() -> String {
    let rows = HELP.iter().map(|(form, means)| format!("  {form:<12} {means}"));
    let rows: Vec<String> = rows.collect();
    format!("Type what happens; where there are several, say at which: in at L1.\n{}", rows.join("\n"))
}

/// What the operator is asked to do; `None`: no person can.
fn sentence(order: &Order) -> Option<String> {
    let side = |way: Direction| match way {
        Direction::In => "in",
        Direction::Out => "out",
    };
    Some(match order {
        Order::Release(way) => format!("let one person {0}, then type `{0}`", side(*way)),
        Order::Shut => "shut the gate; nobody may pass, then type `shut`".into(),
        Order::Mode(way, PassMode::Controlled) => format!("from now on let nobody {} unasked", side(*way)),
        Order::Mode(way, PassMode::Free) => format!("from now on let everybody {}", side(*way)),
        Order::Mode(way, PassMode::Locked) => format!("from now on let nobody {} at all", side(*way)),
        Order::Buzz(Tone::Off) => "silence".into(),
        Order::Buzz(Tone::Continuous) => "sound the buzzer: somebody is where they should not be".into(),
        Order::Buzz(Tone::Intermittent) => "sound the buzzer on and off: somebody went through".into(),
        Order::Fire(true) => "make the gate's fire input active".into(),
        Order::Fire(false) => "put the gate's fire input at rest".into(),
        Order::Show(Signal::Granted) => "granted, they may walk".into(),
        Order::Show(Signal::Denied) => "denied, they may not walk".into(),
        Order::Show(Signal::Busy) => "busy, they have to wait and try again".into(),
        Order::Text(text) => format!("say {text:?}"),
        Order::Output(n, set) => format!("switch output {n} {}", if *set { "on" } else { "off" }),
        Order::Beam(..) => return None,
    })
}

impl Driver for Host {
    type In = Order;
    type Out = Report;

    fn up(&mut self, _now: Time, out: &mut Outbox<Report>) {
        self.up = true;
        self.lines.clear();
        self.said.clear();
        for unit in 0..self.posts.len() {
            out.note(Unit::at(unit), Note::Online("an operator at a terminal".into()));
        }
        let names: Vec<String> = self.posts.iter().map(Post::name).collect();
        write(&format!("You look after: {}. Type ? for help.", names.join("; ")), out);
    }

    fn down(&mut self, _now: Time, out: &mut Outbox<Report>) {
        self.up = false;
        self.lines.clear();
        for unit in 0..self.posts.len() {
            out.note(Unit::at(unit), Note::Offline("the terminal is gone".into()));
        }
    }

    fn submit(&mut self, _now: Time, unit: Unit, what: Order, out: &mut Outbox<Report>) {
        let Some(post) = self.posts.get(unit.index()) else { return };
        let name = what.to_string();
        let Some(sentence) = sentence(&what) else {
            out.note(unit, Note::Refused(format!("{name}: no person can")));
            return;
        };
        if !self.up {
            out.note(unit, Note::Dropped(format!("{name}: the terminal is gone")));
            return;
        }
        self.count = self.count.wrapping_add(1);
        if self.said.len() >= REMEMBERED {
            self.said.pop_front();
        }
        self.said.push_back((self.count, unit, name));
        write(&format!("[{}] {}: {sentence}.", self.count, post.name()), out);
    }

    fn receive(&mut self, _now: Time, bytes: &[u8], out: &mut Outbox<Report>) {
        if !self.up {
            return;
        }
        for line in self.lines.push(bytes) {
            match line {
                Ok(line) => self.line(&line, out),
                Err(why) => write(&format!("That was {why}."), out),
            }
        }
    }

    fn wake(&mut self, _now: Time, _out: &mut Outbox<Report>) {}

    fn next_wake(&self) -> Option<Time> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host() -> (Host, Outbox<Report>) {
        let mut host = Host::new(&[Post::gate("L1"), Post::reader("R1e")]);
        let mut out = Outbox::default();
        host.up(Time::ZERO, &mut out);
        (host, out)
    }

    fn text(out: &Outbox<Report>) -> String {
        String::from_utf8(out.frames.concat()).unwrap()
    }

    #[test]
    fn an_order_is_a_sentence_and_a_line_a_report() {
        let (mut host, mut out) = host();
        host.submit(Time::ZERO, Unit(0), Order::Release(Direction::In), &mut out);
        assert!(text(&out).ends_with("[1] Lane L1: let one person in, then type `in`.\n"), "{}", text(&out));
        host.receive(Time::ZERO, b"i", &mut out);
        assert!(out.messages.is_empty());
        host.receive(Time::ZERO, b"n\r\ncard 1042 at R1e\n", &mut out);
        assert_eq!(out.messages.len(), 2);
        assert_eq!(out.messages[0], (Unit(0), Report::Passed(Direction::In)));
        assert_eq!(out.messages[1].0, Unit(1));
    }

    #[test]
    fn an_operator_can_say_no() {
        let (mut host, mut out) = host();
        host.submit(Time::ZERO, Unit(0), Order::Shut, &mut out);
        host.receive(Time::ZERO, b"no 1\nno 1\n", &mut out);
        let said = out.notes.last().unwrap();
        assert_eq!(*said, (Some(Unit(0)), Note::Refused("shut: the operator cannot".into())));
        assert!(text(&out).ends_with("There is no instruction 1 to say no to.\n"));
    }

    #[test]
    fn help_shows_what_can_be_typed_and_all_of_it_can() {
        let (mut host, mut out) = host();
        host.receive(Time::ZERO, b"?\n", &mut out);
        let help = text(&out);
        for (form, _) in HELP {
            assert!(help.contains(form));
            assert!(read(form, &[Post::gate("L1"), Post::reader("R1e")]).is_ok(), "{form}");
        }
    }

    #[test]
    fn no_control_character_gets_to_the_terminal() {
        let (mut host, mut out) = host();
        host.submit(Time::ZERO, Unit(1), Order::Text("\u{1b}[2Jhi\u{7}".into()), &mut out);
        host.receive(Time::ZERO, b"\x1b[31m\n", &mut out);
        assert!(out.frames.concat().iter().all(|b| *b == b'\n' || *b >= 0x20));
    }

    #[test]
    fn what_no_person_can_do_is_refused() {
        let (mut host, mut out) = host();
        host.submit(Time::ZERO, Unit(0), Order::Beam(1, true), &mut out);
        assert!(matches!(out.notes.last(), Some((Some(Unit(0)), Note::Refused(_)))));
        host.down(Time::ZERO, &mut out);
        host.submit(Time::ZERO, Unit(0), Order::Shut, &mut out);
        assert!(matches!(out.notes.last(), Some((Some(Unit(0)), Note::Dropped(_)))));
    }
}
