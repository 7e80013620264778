//! Every event that comes in, and the form of every line that goes out.

use crate::process::{ONE_LANE, Said, golden, piped, played};

#[test]
fn operators_are_heard() {
    let script = r#"
        {"t":0,"place":{"holder":"P1","in":"A"}}
        {"t":1,"reset":{"holders":["P1","P2"],"to":"outside","operator":"Ada","reason":"drill"}}
        {"t":2,"reset":{"area":"outside","to":null}}
        {"t":3,"reset":{"all":true,"to":"A"}}
        {"t":4,"lockdown":{"area":"A","lockdown":"both"}}
        {"t":5,"read":{"reader":"R1x","credential":"K1"}}
        {"t":6,"lockdown":{"area":"A","lockdown":"off"}}
        {"t":7,"unlock":{"lane":"L1","direction":"out","holder":"P1","operator":"Ada","reason":"\"help\""}}
        {"t":8,"passed":{"lane":"L1","direction":"out"}}
        {"t":9,"unlock":{"lane":"L1","direction":"in"}}
        {"t":10,"passed":{"lane":"L1","direction":"in"}}
        {"t":11,"replace":{"old":"K2","new":4711}}
        {"t":12,"read":{"reader":"R1x","credential":"K2"}}
        {"t":13,"read":{"reader":"R1x","credential":4711}}
        {"t":14,"passed":{"lane":"L1","direction":"out"}}
        {"t":15,"assign":{"credential":"K3","holder":"P1"}}
        {"t":16,"read":{"reader":"R1e","credential":"K3"}}
        {"t":22,"remove":{"holder":"P3"}}
        {"t":23,"set_policy":{"area":"A","policy":"timed","set":{"window":"5min","lockout_after":1}}}
        {"t":24,"set_mode":{"lane":"L1","direction":"in","mode":"locked"}}
        {"t":25,"read":{"reader":"R1e","credential":"K1"}}
        {"t":26,"set_mode":{"lane":"L1","direction":"in","mode":"controlled"}}
        {"t":27,"forgive":{"holder":"P1","ttl":1.5}}
        {"t":28,"fire":{"active":true}}
        {"t":29,"fire":{"active":false}}
        {"t":30,"wait":{}}
    "#;
    let said = played(ONE_LANE, "--policy hard", script);
    golden("operators.jsonl", &said.out);
}

/// What counts for a new policy is what lanes may be passed now, not as the site file has them.
#[test]
fn a_policy_is_judged_by_the_modes_in_force() {
    let freed = r#"
        {"t":1,"set_mode":{"lane":"L1","direction":"out","mode":"free"}}
        {"t":2,"set_policy":{"policy":"hard"}}"#;
    let said = piped(&[ONE_LANE, "--policy", "off"], freed).ended(2);
    assert!(said.err.contains("line 3: lane `L1` is free on the way out"), "{}", said.err);
    let shut = r#"
        {"t":1,"set_mode":{"lane":"L1","direction":"out","mode":"free"}}
        {"t":2,"set_mode":{"lane":"L1","direction":"out","mode":"controlled"}}
        {"t":3,"set_policy":{"policy":"hard"}}
        {"t":4,"read":{"reader":"R1e","credential":"K1"}}"#;
    assert_eq!(piped(&[ONE_LANE, "--policy", "off"], shut).ended(0).outcomes(), "G");
}

/// A site with a muster point, an amnesty and company, to have everything that can be told.
const RICH: &str = r#"Site(
    name: "rich",
    areas: [
        (id: "outside"),
        (id: "A \"one\"", within: "outside", apb: Hard),
    ],
    lanes: [(id: "L1", from: "outside", to: "A \"one\"", x_m: 5.0, y_m: 10.0)],
    readers: [
        (id: "R1e", lane: "L1", from: "outside", to: "A \"one\""),
        (id: "R1x", lane: "L1", from: "A \"one\"", to: "outside"),
    ],
    holders: [
        (id: "P1", credentials: ["K1"]),
        (id: "Zoë", credentials: [(id: "K\\2", number: 77)]),
    ],
    musters: [(id: "yard", area: "outside")],
    amnesties: [(id: "night", at: ["daily 02:00"])],
)"#;

fn rich(options: &[&str], text: &str) -> Said {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("site.ron");
    std::fs::write(&path, RICH).unwrap();
    let path = path.display().to_string();
    let args: Vec<&str> = [path.as_str()].iter().chain(options).copied().collect();
    piped(&args, text)
}

#[test]
fn names_are_escaped_both_ways() {
    let read = |t: u32, credential: &str| {
        format!("{{\"t\":{t},\"read\":{{\"reader\":\"R1\\u0065\",\"credential\":{credential}}}}}\n")
    };
    let text = read(0, "\"K\\\\2\"") + &read(10, "77") + &read(20, "\"77\"") + &read(30, "\"\\\"\\u0001é\"");
    let said = rich(&["--set", "commit=on_grant"], &text).ended(0);
    assert_eq!(said.outcomes(), "G D D unknown_credential");
    let decisions = said.told("decision");
    assert!(decisions[..3].iter().all(|d| d["credential"] == "K\\2" && d["holder"] == "Zoë"));
    assert_eq!(decisions[3]["credential"], "\"\u{1}é");
    assert_eq!(decisions[1]["found"], "A \"one\"");
    assert_eq!(said.told("state")[0]["areas"]["A \"one\""][0], "Zoë");
}

#[test]
fn musters_amnesties_pairs_and_lockouts_are_told() {
    let text = r#"{"t":0,"read":{"reader":"R1e","credential":"K1"}}
{"t":2,"read":{"reader":"R1e","credential":77}}
{"t":3,"passed":{"lane":"L1","direction":"in"}}
{"t":4,"passed":{"lane":"L1","direction":"in"}}
{"t":20,"read":{"reader":"R1e","credential":"K1"}}
{"t":30,"set_policy":{"set":{"outbound":"hard","lockout_after":1,"lockout":"1h"}}}
{"t":40,"read":{"reader":"R1e","credential":"K1"}}
{"t":50,"read":{"reader":"R1x","credential":"K1"}}
{"t":60,"muster":{"point":"yard","credential":"K1"}}
{"t":61,"muster":{"point":"yard","credential":"nobody's"}}
{"t":7200,"wait":{}}
"#;
    let said = rich(&["--set", "company=two_man", "--set", "queue_depth=1"], text).ended(0);
    golden("rich.jsonl", &said.out);
}

#[test]
fn beams_are_heard_where_they_are_wanted() {
    let beam = |t: u32, beam: u8, blocked: bool| {
        format!("{{\"t\":0.{t:03},\"beam\":{{\"lane\":\"L1\",\"beam\":{beam},\"blocked\":{blocked}}}}}\n")
    };
    let mut text = "{\"t\":0,\"read\":{\"reader\":\"R1e\",\"credential\":\"K1\"}}\n".to_owned();
    text += "{\"t\":0.001,\"leaf\":{\"lane\":\"L1\",\"leaf\":\"moving\"}}\n";
    text += "{\"t\":0.002,\"leaf\":{\"lane\":\"L1\",\"leaf\":\"open\"}}\n";
    // A body of 300 ms through six beams, 100 ms apart.
    let edges = (0..6_u32).flat_map(|i| [(100 * i + 10, i, true), (100 * i + 310, i, false)]);
    let mut edges: Vec<_> = edges.collect();
    edges.sort_unstable();
    for (t, i, blocked) in edges {
        text += &beam(t, u8::try_from(i).unwrap(), blocked);
    }
    let said = rich(&["--beams"], &text).ended(0);
    assert_eq!((said.told("taken").len(), said.place("P1").as_str()), (1, "A \"one\""));
    let none = "{\"t\":0,\"beam\":{\"lane\":\"L1\",\"beam\":6,\"blocked\":true}}\n";
    let said = rich(&["--beams"], none).ended(2);
    assert!(said.err.contains("`L1` has 6 beams, here 0 to 5 from the outside in"), "{}", said.err);
    let said = rich(&["--beams"], "{\"t\":0,\"passed\":{\"lane\":\"L1\",\"direction\":\"in\"}}\n").ended(2);
    assert!(said.err.contains("leave out --beams"), "{}", said.err);
    let said = rich(
        &[],
        "{\"t\":0,\"read\":{\"reader\":\"R1e\",\"credential\":\"K1\"}}\n\
                          {\"t\":1,\"passed\":{\"lane\":\"L1\",\"direction\":\"in\"}}\n",
    );
    assert_eq!(said.ended(0).place("P1"), "A \"one\"", "without --beams every lane reports by signals");
}

#[test]
fn schedules_go_by_the_start() {
    let site = std::fs::read_to_string(ONE_LANE).unwrap();
    let schedule = "schedules: [(id: \"day\", windows: [\"Mon-Tue 08:00-18:00\"])],\n    \
                    access: [(id: \"by-day\", areas: [\"A\"], schedule: \"day\")],\n    holders: [";
    let site = site.replace("holders: [", schedule);
    let site = site.replace("credentials: [\"K1\"]", "credentials: [\"K1\"], access: [\"by-day\"]");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("site.ron");
    std::fs::write(&path, site).unwrap();
    let path = path.display().to_string();
    let read = "{\"t\":60,\"read\":{\"reader\":\"R1e\",\"credential\":\"K1\"}}\n";
    let at = |start: &str| piped(&[&path, "--start", start], read).ended(0).outcomes();
    assert_eq!(at("2026-03-02T07:58:59"), "outside_schedule", "Monday");
    assert_eq!(at("2026-03-02 07:59"), "G", "Monday");
    assert_eq!(at("2026-03-04T12:00"), "outside_schedule", "Wednesday");
    assert_eq!(piped(&[&path], read).ended(0).outcomes(), "outside_schedule", "midnight");
}
