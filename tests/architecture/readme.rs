//! Every command in the documents is one that exists, with options that exist, on files that exist.

use crate::manifest::Manifest;
use crate::source::{read, root, sources, tokens};
use std::collections::BTreeSet;

/// The two commands that the README must show.
const SHOWN: &[&str] = &["cargo run --release -- run scenarios/industries/office-morning.ron", "cargo test"];

/// The documents, all of which are there.
const DOCUMENTS: &[&str] = &[
    "README.md",
    "scenarios/README.md",
    "scenarios/ORACLE.md",
    "scenarios/regressions/README.md",
    "reports/README.md",
    "benches/peers/README.md",
    "hil/README.md",
    "hil/BOARDS.md",
    "hil/TRACES.md",
    "hil/WIEGAND.md",
];

fn document(path: &str) -> String {
    read(path).unwrap_or_else(|| panic!("{path} is gone; write it, or take it off the list here"))
}

/// What of Cargo the README may use.
const CARGO: &[&str] = &["add", "bench", "build", "clippy", "doc", "fmt", "install", "run", "test"];

/// What `apbrig` can be told.
struct Vocabulary {
    commands: BTreeSet<String>,
    options: BTreeSet<String>,
    features: BTreeSet<String>,
}

impl Vocabulary {
    /// What the source of the command line says.
    fn of_repository() -> Self {
        let args =
            read("src/cli/args.rs").unwrap_or_else(|| panic!("src/cli/args.rs is gone; say here where"));
        let features = Manifest::of_repository().features.into_keys().collect();
        // Arguments of single commands lie in files beside it.
        let files = sources("src/cli").into_iter().filter(|s| s.path.starts_with("src/cli/args"));
        let texts = files.filter_map(|s| read(&s.path));
        let options = texts.flat_map(|text| long_options(&text)).collect();
        Self { commands: variants(&args, "Command"), options, features }
    }

    /// What is wrong with a command line; `None`: nothing.
    fn fault(&self, line: &str) -> Option<String> {
        let line = line.split(" | ").next().unwrap_or(line).split(" > ").next().unwrap_or(line);
        let words: Vec<&str> = line.split_whitespace().take_while(|w| *w != "#").collect();
        let ours = match words.first() {
            Some(&"apbrig") => &words[1..],
            Some(&"cargo") => {
                let end = words.iter().position(|w| *w == "--").unwrap_or(words.len());
                let known = words.get(1).is_some_and(|c| CARGO.contains(c));
                if !known {
                    return Some(format!("{:?} is no command of Cargo that we use", words.get(1)));
                }
                let mut pairs = words[..end].windows(2).filter(|w| w[0] == "--features");
                if let Some(pair) = pairs.find(|w| !w[1].split(',').all(|f| self.features.contains(f))) {
                    return Some(format!("no feature {:?}", pair[1]));
                }
                if words[1] != "run" || end == words.len() {
                    return None;
                }
                &words[end + 1..]
            }
            _ => return None,
        };
        self.fault_of_ours(ours)
    }

    fn fault_of_ours(&self, words: &[&str]) -> Option<String> {
        const ALWAYS: &[&str] = &["help", "version"];
        let name = |w: &&str| w.strip_prefix("--").map(|o| o.split('=').next().unwrap_or(o).to_string());
        let unknown = |o: &String| !self.options.contains(o) && !ALWAYS.contains(&o.as_str());
        if let Some(option) = words.iter().filter_map(name).find(unknown) {
            return Some(format!("apbrig has no option --{option}"));
        }
        match words.first() {
            Some(first) if first.starts_with('-') || ALWAYS.contains(first) => None,
            Some(first) if self.commands.contains(*first) => None,
            other => Some(format!("apbrig has no command {other:?}")),
        }
    }
}

/// The variants of an enum, as the command line spells them.
fn variants(text: &str, name: &str) -> BTreeSet<String> {
    let tokens = tokens(text);
    let begins = tokens.windows(2).position(|w| w[0].is("enum") && w[1].is(name));
    let Some(begins) = begins else { return BTreeSet::new() };
    let mut depth = 0_usize;
    let mut found = BTreeSet::new();
    for pair in tokens[begins + 2..].windows(2) {
        match pair[0].text.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth -= 1,
            word if depth == 1 && word.starts_with(char::is_uppercase) => drop(found.insert(kebab(word))),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    found
}

/// `InIn` as `in-in`.
fn kebab(name: &str) -> String {
    let mut spelt = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !spelt.is_empty() {
            spelt.push('-');
        }
        spelt.extend(c.to_lowercase());
    }
    spelt
}

/// The long options that `#[arg(long)]` makes of the fields that follow it.
fn long_options(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut long = false;
    for line in text.lines().map(str::trim) {
        if let Some(arg) = line.strip_prefix("#[arg(") {
            let named = arg.split("long = \"").nth(1).and_then(|t| t.split('"').next());
            found.extend(named.map(String::from));
            long |= named.is_none() && tokens(arg).iter().any(|t| t.is("long"));
        } else if long && !line.starts_with(['#', '/']) {
            let field = line.split(": ").next().unwrap_or(line);
            found.extend(field.split_whitespace().last().map(|f| f.replace('_', "-")));
            long = false;
        }
    }
    found
}

/// The lines of every block fenced with `sh`, continued ones joined.
fn commands(readme: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut within = false;
    let mut goes_on = false;
    for line in readme.lines().map(str::trim) {
        if line.starts_with("```") {
            within = !within && line == "```sh";
        } else if within {
            let part = line.trim_start_matches("$ ").trim_end_matches('\\').trim();
            match found.last_mut() {
                Some(last) if goes_on => *last = format!("{last} {part}"),
                _ => found.push(part.into()),
            }
            goes_on = line.ends_with('\\');
        }
    }
    found
}

/// Files of ours that a command names and that are not there. What a run makes need not be there before it.
fn missing(command: &str) -> Vec<&str> {
    let ours = |w: &&str| w.starts_with("scenarios/") || w.starts_with("hil/") || w.starts_with("assets/");
    command.split_whitespace().filter(ours).filter(|w| !root().join(w).exists()).collect()
}

/// The commands that a document names within its text: `apbrig …` between backquotes.
fn mentioned(text: &str) -> Vec<String> {
    let prose = text.split("```").step_by(2).flat_map(|part| part.split('`').skip(1).step_by(2));
    let ours = prose.filter(|code| code.starts_with("apbrig ") && !code.contains('\n'));
    // What stands for something else, and what is left out, is no word of the command.
    let plain = |code: &str| code.replace("...", "").replace(['…', '[', ']'], "");
    ours.map(plain).filter(|code| code.split_whitespace().count() > 1).collect()
}

#[test]
fn commands_in_the_documents_exist() {
    let vocabulary = Vocabulary::of_repository();
    for path in DOCUMENTS {
        let text = document(path);
        for command in commands(&text).into_iter().chain(mentioned(&text)) {
            let fault = vocabulary.fault(&command);
            assert!(fault.is_none(), "{path}: `{command}`: {}; correct it", fault.unwrap_or_default());
            let missing = missing(&command);
            assert!(missing.is_empty(), "{path}: `{command}`: no {missing:?}; name a file that is there");
        }
    }
}

#[test]
fn the_readme_shows_how_to_run_and_how_to_test() {
    let commands = commands(&document("README.md"));
    for shown in SHOWN {
        let found = commands.iter().any(|c| c == shown);
        assert!(found, "README.md: show `{shown}` on a line of its own in a block fenced with ```sh");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        let args = "enum Command {\n /// Run.\n Run(Run),\n #[command(hide = true)] InIn { x: u8 },\n}\n\
                    enum Other { Walk }\n#[arg(long, short)]\n #[arg(env)]\n\
                    /// Quiet.\n pub(super) quiet: bool,\n\
                    #[arg(required = true)]\n files: Vec<u8>,\n #[arg(long = \"out-dir\")]\n out: u8,";
        let features = BTreeSet::from(["viewer".to_string()]);
        Vocabulary { commands: variants(args, "Command"), options: long_options(args), features }
    }

    #[test]
    fn the_command_line_is_read_from_its_source() {
        let found = vocabulary();
        assert_eq!(found.commands, BTreeSet::from(["in-in", "run"].map(String::from)));
        assert_eq!(found.options, BTreeSet::from(["out-dir", "quiet"].map(String::from)));
        assert!(Vocabulary::of_repository().commands.contains("run"));
        assert!(Vocabulary::of_repository().options.contains("seed"));
    }

    #[test]
    fn planted_commands_are_found() {
        let known = vocabulary();
        for good in [
            "cargo test",
            "cargo run --release -- run a.ron --quiet",
            "apbrig --help",
            "cargo bench -- decisions",
            "cargo run --features viewer -- in-in",
            "echo hello",
        ] {
            assert_eq!(known.fault(good), None, "{good}");
        }
        for bad in
            ["cargo frob", "apbrig demo", "cargo run -- run --loud", "apbrig", "cargo run --features x"]
        {
            assert!(known.fault(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn only_blocks_of_sh_are_read() {
        let readme =
            "```sh\n$ cargo test\ncargo run \\\n  -- run\n```\n```text\ncargo frob\n```\n```sh\nls\n```";
        assert_eq!(commands(readme), ["cargo test", "cargo run -- run", "ls"]);
    }

    #[test]
    fn commands_within_the_text_are_read() {
        let text =
            "Say `apbrig run a.ron`, not `cargo`.\n```sh\n`apbrig x`\n```\n`apbrig` `apbrig check F...`";
        assert_eq!(mentioned(text), ["apbrig run a.ron", "apbrig check F"]);
    }

    #[test]
    fn files_that_are_not_there_are_found() {
        assert_eq!(missing("apbrig run scenarios/none.ron --out reports/runs/x"), ["scenarios/none.ron"]);
    }
}
