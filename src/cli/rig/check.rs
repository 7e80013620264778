//! `apbrig rig check`: which devices answer, what they can carry, and what is wrong, in plain words.

use super::load::{load_rig, site_of};
use super::table::table;
use crate::cli::args::Format;
use crate::cli::args::rig::RigCheck;
use crate::cli::exit::Exit;
use crate::cli::hardware::setting;
use crate::cli::screen::{complain, say};
use crate::hil::line::ports;
use crate::hil::rig::{AtSite, Bench, Found, Survey, survey};
use serde_json::json;

pub(super) fn check(args: &RigCheck) -> Exit {
    let Some(path) = &args.rig else {
        let ports = ports();
        say(&if ports.is_empty() { "no serial port is there".into() } else { ports.join("\n") });
        return Exit::Passed;
    };
    let (rig, site) = match (load_rig(path), site_of(args.site.as_deref())) {
        (Ok(rig), Ok(site)) => (rig, site),
        (Err(exit), _) | (_, Err(exit)) => return exit,
    };
    if let Some(Err(wrong)) = site.as_ref().map(|site| AtSite::of(&rig, site)) {
        for what in wrong {
            complain(&format!("error: {}: {what}", path.display()));
        }
        return Exit::Usage;
    }
    let setting = setting(site);
    let mut bench = match Bench::start(&rig, setting) {
        Ok(bench) => bench,
        Err(why) => {
            complain(&format!("error: {}: {why}", path.display()));
            return Exit::Rig;
        }
    };
    let found = survey(&rig, &mut bench, args.wait);
    match args.format {
        Format::Human => say(&shown(&found)),
        Format::Json => say(&in_json(&found)),
    }
    if found.is_sound() { Exit::Passed } else { Exit::Rig }
}

fn shown(survey: &Survey) -> String {
    let mut text = String::new();
    let head = ["line", "device", "is", "answers", "what it says"].map(String::from).to_vec();
    let row = |found: &Found| {
        let answers = match (found.online, found.asked) {
            (true, _) => "yes",
            (false, true) => "NO",
            (false, false) => "–",
        };
        vec![found.line.clone(), found.device.clone(), found.is.clone(), answers.into(), found.said.clone()]
    };
    let rows: Vec<Vec<String>> = std::iter::once(head).chain(survey.devices.iter().map(row)).collect();
    text.push_str(&table(&rows));
    text.push('\n');
    for (line, why) in &survey.lines {
        text.push_str(&format!("\nline {line}: {why}"));
    }
    for found in &survey.devices {
        let can: Vec<&str> = found.capabilities.iter().map(|c| c.name()).collect();
        text.push_str(&format!("\n{}: carries {}", found.device, can.join(", ")));
        if !found.lacks.is_empty() {
            let lacks: Vec<&str> = found.lacks.iter().map(|c| c.name()).collect();
            text.push_str(&format!("; does not carry {}", lacks.join(", ")));
        }
        for remark in &found.remarks {
            text.push_str(&format!("\n{}: {remark}", found.device));
        }
    }
    text
}

fn in_json(survey: &Survey) -> String {
    let device = |found: &Found| {
        json!({
            "line": found.line,
            "device": found.device,
            "is": found.is,
            "online": found.online,
            "asked": found.asked,
            "said": found.said,
            "carries": found.capabilities.iter().map(|c| c.name()).collect::<Vec<_>>(),
            "lacks": found.lacks.iter().map(|c| c.name()).collect::<Vec<_>>(),
            "remarks": found.remarks,
        })
    };
    let line = |(line, why): &(String, String)| json!({"line": line, "wrong": why});
    json!({
        "schema": "apbrig.rig/1",
        "sound": survey.is_sound(),
        "devices": survey.devices.iter().map(device).collect::<Vec<_>>(),
        "lines": survey.lines.iter().map(line).collect::<Vec<_>>(),
    })
    .to_string()
}
