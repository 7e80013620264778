//! What a board can be told, and what it is asked.

use super::bytes::{byte, place_and_byte, way};
use super::order::{mode_codes, pattern};
use crate::apb::id::Direction;
use crate::hil::frames::board::{Answer, Byte, Command, Does, Effect, Lost, Pattern, Poll};
use crate::hil::frames::layout::Layout;
use crate::scenario::decode::{Fields, Log, Variant, choice, list};
use crate::scenario::names::Names;
use crate::scenario::syntax::{Node, Value};
use crate::scenario::units;

/// What a row needs to know of the rest of the description.
pub(super) struct Around<'a> {
    pub(super) to_board: &'a Layout,
    pub(super) frames: &'a Names,
    /// What comes back where a row does not say.
    pub(super) answer: Option<Answer>,
}

/// `Silent`, `Echo` or `Frame(yes: "…", no: "…", done: (13, 0x55))`.
pub(super) fn answer(node: &Node, frames: &Names, log: &Log<'_>) -> Option<Answer> {
    let variant = Variant::of(node, "an answer", &["Silent", "Echo", "Frame"], log)?;
    match variant.name {
        "Silent" => return variant.bare(Answer::Silent, log),
        "Echo" => return variant.bare(Answer::Echo, log),
        _ => {}
    }
    let fields = variant.fields(log)?;
    let known = |node: &Node, log: &Log<'_>| units::known(node, frames, log);
    let yes = fields.required("yes", log, known);
    let no = fields.optional("no", log, known);
    let done = fields.optional("done", log, place_and_byte);
    fields.finish(log);
    yes.map(|yes| Answer::Frame { yes, no, done })
}

/// One row of `commands`.
pub(super) fn command(node: &Node, around: &Around<'_>, log: &Log<'_>) -> Option<Command> {
    let fields = Fields::of(node, "a command", log)?;
    let does = does(&fields, log);
    let send = fields.required("send", log, |node, log| {
        let send = list(node, "bytes", log, body_byte)?;
        fits(send.len(), around.to_board, node, log).then_some(send)
    });
    let answer = fields.optional("answer", log, |node, log| answer(node, around.frames, log));
    let lost = fields.optional("lost", log, |node, log| {
        choice(node, "a rule", [("Repeat", Lost::Repeat), ("Never", Lost::Never), ("Ask", Lost::Ask)], log)
    });
    let both_ways = fields.or("both_ways", false, log, units::boolean);
    let head = fields.head;
    fields.finish(log);
    let Some(answer) = answer.or_else(|| around.answer.clone()) else {
        let help = "say `answer` here or for the whole board";
        log.note(head, "nobody knows whether this is answered", "", help);
        return None;
    };
    let (does, send) = does.zip(send)?;
    // Everything but a release is the same done twice, but for services, of which nobody knows.
    let twice_is_once = !matches!(does, Does::Order(Pattern::Release(_)) | Does::Service(..));
    let lost = lost.unwrap_or(if twice_is_once { Lost::Repeat } else { Lost::Never });
    if let Some((found, help)) = fault(&does, &send, lost) {
        log.note(head, found, "", help);
        return None;
    }
    Some(Command { does, send, answer, lost, both_ways })
}

fn does(fields: &Fields<'_>, log: &Log<'_>) -> Option<Does> {
    let order = fields.optional("order", log, pattern);
    let service = fields.optional("service", log, units::name);
    let effect = fields.or("effect", Effect::Nothing, log, effect);
    match (fields.gives("order"), fields.gives("service")) {
        (true, false) => order.map(Does::Order),
        (false, true) => service.map(|name| Does::Service(name, effect)),
        _ => {
            log.note(
                fields.head,
                "a command for nothing, or for two things",
                "",
                "give `order` or `service`",
            );
            None
        }
    }
}

/// What is wrong with a row as a whole.
fn fault(does: &Does, send: &[Byte], lost: Lost) -> Option<(&'static str, &'static str)> {
    let has_way = send.iter().any(|byte| matches!(byte, Byte::Way(one, other) if one != other));
    let modes = |way: Direction| send.iter().any(|byte| matches!(byte, Byte::Mode(of, _) if *of == way));
    match does {
        Does::Order(Pattern::Release(None)) if !has_way => {
            Some(("a release that does not say which way", "write `Release(In)`, or put a `Way` into `send`"))
        }
        Does::Order(Pattern::Mode(None)) if !(modes(Direction::In) && modes(Direction::Out)) => {
            Some(("a mode that does not say which", "write `Mode(In, Free)`, or put two `Mode` into `send`"))
        }
        Does::Order(Pattern::Release(_)) if lost == Lost::Repeat => {
            Some(("a release that is repeated may let two in", "write `Never` or `Ask`"))
        }
        Does::Order(Pattern::Release(_)) => None,
        _ if lost == Lost::Ask => Some(("only for a release is there something to ask", "leave `lost` out")),
        _ => None,
    }
}

fn effect(node: &Node, log: &Log<'_>) -> Option<Effect> {
    let variant = Variant::of(node, "an effect", &["Nothing", "Restart", "ResetCount"], log)?;
    match variant.name {
        "Nothing" => variant.bare(Effect::Nothing, log),
        "Restart" => variant.bare(Effect::Restart, log),
        _ => {
            let [of] = variant.values("ResetCount(In)", log)?;
            way(of, log).map(Effect::ResetCount)
        }
    }
}

fn body_byte(node: &Node, log: &Log<'_>) -> Option<Byte> {
    if let Value::Integer(_) = node.value {
        return byte(node, log).map(Byte::Is);
    }
    let names = ["Count", "Argument", "Way", "Mode"];
    let variant = Variant::of(node, "a byte or a placeholder", &names, log)?;
    match variant.name {
        "Count" => variant.bare(Byte::Count, log),
        "Argument" => variant.bare(Byte::Argument, log),
        "Way" => {
            let [for_in, for_out] = variant.values("Way(0x80, 0x82)", log)?;
            byte(for_in, log).zip(byte(for_out, log)).map(|(i, o)| Byte::Way(i, o))
        }
        _ => {
            let nodes = variant.values("Mode(In, 0x30, 0x31, 0x32)", log)?;
            mode_codes(nodes, log).map(|(way, codes)| Byte::Mode(way, codes))
        }
    }
}

/// Whether a body of so many bytes fits a layout; notes it if not.
fn fits(bytes: usize, layout: &Layout, node: &Node, log: &Log<'_>) -> bool {
    let least = layout.body(&vec![0; layout.shortest()]).len();
    let most = if layout.is_fixed() { least } else { least + layout.longest - layout.shortest() };
    let fits = (least..=most).contains(&bytes);
    if !fits {
        let found = format!("a body of {bytes} bytes");
        let room = if least == most { format!("{least}") } else { format!("{least} to {most}") };
        log.note(node.head(), found, format!("this layout has room for {room}"), "");
    }
    fits
}

/// One row of `polls`.
pub(super) fn poll(node: &Node, around: &Around<'_>, log: &Log<'_>) -> Option<Poll> {
    let fields = Fields::of(node, "a poll", log)?;
    let send = fields.required("send", log, |node, log| {
        let send = list(node, "bytes", log, byte)?;
        fits(send.len(), around.to_board, node, log).then_some(send)
    });
    let answer = fields.required("answer", log, |node, log| units::known(node, around.frames, log));
    let every = fields.required("every", log, units::positive_span);
    fields.finish(log);
    let (send, answer) = send.zip(answer)?;
    every.map(|every| Poll { send, answer, every })
}
