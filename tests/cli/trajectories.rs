//! `--trajectories`: the file, what others make of it, and that the run does not know of it.

use crate::fixture::{ONE_WALK, apbrig, arg, folder, results, scenario};
use crate::python::python_with;
use rusqlite::Connection;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const FILE: &str = "trajectories.sqlite";

/// Two lanes of the eight-lane lobby, people one after the other.
const LANES: [(&str, f64); 2] = [("L3", 8.725), ("L6", 11.275)];

/// 12 people through each of the two lanes, one every three seconds.
fn two_lanes(folder: &Path) -> PathBuf {
    let site = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/sites/eight-lanes.ron");
    let walk = |i: usize| {
        let (lane, at) = (LANES[i % 2].0, 1 + 3 * i);
        format!("(at: \"{at}s\", do: Walk(holder: \"staff-{:04}\", lane: {lane:?}, direction: In)),", i + 1)
    };
    let walks: String = (0..24).map(walk).collect();
    let path = folder.join("two-lanes.ron");
    let start = "start: \"2026-03-02T08:00\"";
    let text = format!(
        "Scenario(title: \"two lanes\", site: {site:?}, {start}, duration: \"2min\", script: [{walks}])"
    );
    fs::write(&path, text).unwrap();
    path
}

/// Runs a scenario into a folder of this name.
fn run(scenario: &Path, to: &Path, options: &[&str]) -> PathBuf {
    let mut args = vec!["run".to_owned(), arg(scenario), "--out".into(), arg(to)];
    args.extend(options.iter().map(|o| (*o).to_owned()));
    apbrig(&args).ended(0);
    to.to_owned()
}

fn open(run: &Path) -> Connection {
    Connection::open(run.join(FILE)).unwrap()
}

fn text(file: &Connection, query: &str) -> String {
    file.query_row(query, [], |row| row.get(0)).unwrap()
}

fn count(file: &Connection, query: &str) -> i64 {
    file.query_row(query, [], |row| row.get(0)).unwrap()
}

/// What PedPy measures in a run's lanes.
fn pedpy(run: &Path, lanes: &[String]) -> Value {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/pedpy");
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pedpy");
    let python = python_with(&home, &here.join("requirements.txt")).unwrap_or_else(|e| panic!("{e}"));
    let output = Command::new(python).arg(here.join("measure.py")).arg(run.join(FILE)).args(lanes).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn pedpy_sees_in_a_lane_what_the_results_say() {
    let to = folder();
    let run = run(&two_lanes(to.path()), &to.path().join("run"), &["--trajectories"]);
    let lanes = LANES.map(|(_, x)| format!("{x},15,1.4,0.55"));
    let seen = pedpy(&run, &lanes);
    assert_eq!(seen["valid"], true, "off the floor: {}", seen["strays"]);
    assert_eq!(seen["fps"], 25.0);
    assert_eq!(seen["walks"], 24);
    let speed = seen["speed_max"].as_f64().unwrap();
    assert!((1.0..3.0).contains(&speed), "{speed} m/s");
    let measures = &results(&run)["measures"];
    let ours = |name: &str, lane: &str| measures[format!("{name}/{lane}/in")]["value"].as_f64().unwrap();
    for ((lane, _), theirs) in LANES.iter().zip(seen["lanes"].as_array().unwrap()) {
        let figure = |name: &str| theirs[name].as_f64().unwrap();
        let bodies = ours("bodies", lane);
        assert_eq!((bodies, figure("bodies")), (12.0, 12.0), "{lane}");
        // The results go by backs over the flap line, PedPy by middles over the middle of the lane.
        let (flow, mean) = (figure("flow_per_min"), ours("throughput_ppm_mean", lane));
        assert!((flow / mean - 1.0).abs() < 0.05, "{lane}: {flow} against {mean} a minute");
        // 1.4 m at 0.5 to 2 m/s; the lane is 0.77 m² and holds two at most.
        let each_s = figure("body_seconds") / bodies;
        assert!((0.7..2.8).contains(&each_s), "{lane}: {each_s} s in the lane");
        let density = figure("density_max");
        assert!((1.0 / 0.78..=2.0 / 0.76).contains(&density), "{lane}: {density} a square metre");
    }
}

#[test]
fn the_file_has_the_tables_and_numbers_that_jupedsim_writes() {
    let to = folder();
    let path = scenario(to.path(), "one-walk", ONE_WALK);
    let file = open(&run(&path, &to.path().join("run"), &["--trajectories"]));
    let columns = |table: &str| {
        text(&file, &format!("SELECT group_concat(name || ' ' || type) FROM pragma_table_info('{table}')"))
    };
    assert_eq!(
        columns("trajectory_data"),
        "frame INTEGER,id INTEGER,pos_x REAL,pos_y REAL,ori_x REAL,ori_y REAL"
    );
    assert_eq!(columns("metadata"), "key TEXT,value TEXT");
    assert_eq!(columns("geometry"), "hash INTEGER,wkt TEXT");
    assert_eq!(columns("frame_data"), "frame INTEGER,geometry_hash INTEGER");
    let value = |key: &str| text(&file, &format!("SELECT value FROM metadata WHERE key = '{key}'"));
    assert_eq!(
        (value("version"), value("fps"), value("apbrig_state")),
        ("2".into(), "25".into(), "finished".into())
    );
    let indices = "SELECT group_concat(name) FROM (SELECT name FROM sqlite_master WHERE type = 'index' AND \
                   sql NOT NULL ORDER BY name)";
    assert_eq!(text(&file, indices), "frame_id_idx,geometry_hash");
    // 30 s, and the frame at 0 s; nobody is there at the beginning and the end.
    assert_eq!(count(&file, "SELECT count(*) FROM frame_data"), 30 * 25 + 1);
    assert_eq!(count(&file, "SELECT max(frame) FROM frame_data"), 30 * 25);
    let unknown = "SELECT count(*) FROM frame_data WHERE geometry_hash NOT IN (SELECT hash FROM geometry)";
    assert_eq!(count(&file, unknown), 0);
    let frames = count(&file, "SELECT count(DISTINCT frame) FROM trajectory_data");
    assert_eq!(frames, count(&file, "SELECT count(*) FROM trajectory_data"), "one person, once a frame");
    let span = "SELECT max(frame) - min(frame) + 1 FROM trajectory_data";
    assert_eq!(frames, count(&file, span), "a walk has no gaps");
    let unit = "SELECT count(*) FROM trajectory_data WHERE abs(ori_x * ori_x + ori_y * ori_y - 1) > 1e-4";
    assert_eq!(count(&file, unit), 0);
    assert_eq!(text(&file, "SELECT group_concat(holder) FROM body"), "P1");
}

#[test]
fn frames_are_as_far_apart_as_asked_for_and_nothing_else_changes() {
    let to = folder();
    let path = scenario(to.path(), "one-walk", ONE_WALK);
    let plain = run(&path, &to.path().join("plain"), &[]);
    let digest = |run: &Path| results(run)["digest"].as_str().unwrap().to_owned();
    let every_fourth = run(&path, &to.path().join("4"), &["--trajectories"]);
    let every_tenth = run(&path, &to.path().join("10"), &["--trajectories", "--trajectories-every", "10"]);
    for with in [&every_fourth, &every_tenth] {
        assert_eq!(digest(&plain), digest(with));
        for name in ["events.csv", "results.json", "report.html", "record.jsonl.gz"] {
            assert!(fs::read(plain.join(name)).unwrap() == fs::read(with.join(name)).unwrap(), "{name}");
        }
    }
    let file = open(&every_tenth);
    assert_eq!(text(&file, "SELECT value FROM metadata WHERE key = 'fps'"), "10");
    assert_eq!(count(&file, "SELECT max(frame) FROM frame_data"), 300);
    // What both have at the same time is the same.
    file.execute("ATTACH ?1 AS other", [arg(every_fourth.join(FILE))]).unwrap();
    let same = "SELECT count(*) FROM main.trajectory_data a JOIN other.trajectory_data b \
                ON a.frame * 10 = b.frame * 4 AND a.id = b.id WHERE a.pos_x = b.pos_x AND a.pos_y = b.pos_y";
    let frames = count(&file, "SELECT count(*) FROM main.trajectory_data WHERE frame % 2 = 0");
    assert!(frames > 50 && count(&file, same) == frames);
    apbrig(&["replay", &arg(&every_tenth), "--verify"]).ended(0);
}

#[test]
fn a_run_without_them_leaves_none_of_an_earlier_one() {
    let to = folder();
    let path = scenario(to.path(), "one-walk", ONE_WALK);
    let out = run(&path, &to.path().join("run"), &["--trajectories"]);
    let first = fs::read(out.join(FILE)).unwrap();
    run(&path, &out, &["--trajectories"]);
    assert!(first == fs::read(out.join(FILE)).unwrap(), "the same run, another file");
    fs::write(out.join("trajectories.sqlite.part"), "of a run that was killed").unwrap();
    run(&path, &out, &[]);
    assert!(!out.join(FILE).exists() && !out.join("trajectories.sqlite.part").exists());
}

#[test]
fn how_often_needs_something_to_be_often() {
    let said = apbrig(&["run", "scenarios/modes/off.ron", "--trajectories-every", "2"]).ended(2);
    assert!(said.err.contains("--trajectories"), "{}", said.err);
    let said = apbrig(&["run", "scenarios/modes/off.ron", "--trajectories", "--trajectories-every", "0"]);
    assert!(said.ended(2).err.contains('0'));
}
