//! Whatever our reader accepts, the `ron` crate accepts with the same meaning.

use crate::shipped;
use apbrig::scenario::syntax::{Node, Value, parse};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// What both readers agree on: names of structs and variants are not part of `ron::Value`.
#[derive(Clone, Debug, PartialEq, PartialOrd)]
enum Meaning {
    Nothing,
    Bool(bool),
    Char(char),
    Number(f64),
    Text(String),
    List(Vec<Meaning>),
    Map(BTreeMap<String, Meaning>),
    Some(Box<Meaning>),
    Absent,
}

fn number(x: f64) -> Meaning {
    if x.is_nan() { Meaning::Text("NaN".into()) } else { Meaning::Number(x) }
}

fn list(items: Vec<Meaning>) -> Meaning {
    if items.is_empty() { Meaning::Nothing } else { Meaning::List(items) }
}

fn ours(node: &Node) -> Meaning {
    match &node.value {
        Value::Broken => panic!("a broken value without a mistake"),
        Value::Unit | Value::Name(_) => Meaning::Nothing,
        Value::Bool(b) => Meaning::Bool(*b),
        Value::Char(c) => Meaning::Char(*c),
        Value::Integer(n) => number(*n as f64),
        Value::Float(x) => number(*x),
        Value::Text(text) => Meaning::Text(text.clone()),
        Value::Struct(_, fields) => {
            let key = |name: &str| format!("{:?}", Meaning::Text(name.into()));
            Meaning::Map(fields.iter().map(|f| (key(&f.name.text), ours(&f.value))).collect())
        }
        Value::Tuple(_, items) | Value::List(items) => list(items.iter().map(ours).collect()),
        Value::Map(pairs) if pairs.is_empty() => Meaning::Map(BTreeMap::new()),
        Value::Map(pairs) => {
            Meaning::Map(pairs.iter().map(|(k, v)| (format!("{:?}", ours(k)), ours(v))).collect())
        }
        Value::Option(None) => Meaning::Absent,
        Value::Option(Some(inner)) => Meaning::Some(Box::new(ours(inner))),
    }
}

fn theirs(value: &ron::Value) -> Meaning {
    match value {
        ron::Value::Unit => Meaning::Nothing,
        ron::Value::Bool(b) => Meaning::Bool(*b),
        ron::Value::Char(c) => Meaning::Char(*c),
        ron::Value::Number(n) => number(n.into_f64()),
        ron::Value::String(text) => Meaning::Text(text.clone()),
        ron::Value::Bytes(_) => panic!("bytes"),
        ron::Value::Seq(items) => list(items.iter().map(theirs).collect()),
        ron::Value::Map(map) => {
            Meaning::Map(map.iter().map(|(k, v)| (format!("{:?}", theirs(k)), theirs(v))).collect())
        }
        ron::Value::Option(None) => Meaning::Absent,
        ron::Value::Option(Some(inner)) => Meaning::Some(Box::new(theirs(inner))),
    }
}

/// Checks one text; returns whether our reader accepts it.
pub(crate) fn agrees(text: &str) -> bool {
    let parsed = parse(text);
    let Some(tree) = parsed.tree.filter(|_| parsed.mistakes.is_empty()) else { return false };
    match text.parse::<ron::Value>() {
        Ok(value) => assert_eq!(ours(&tree), theirs(&value), "{text}"),
        Err(error) => panic!("we accept what ron refuses ({error}): {text}"),
    }
    true
}

#[test]
fn shipped_files_mean_the_same_to_ron() {
    for path in shipped::files() {
        assert!(agrees(&std::fs::read_to_string(&path).unwrap()), "{}", path.display());
    }
}

#[test]
fn odd_spellings_mean_the_same_to_ron() {
    let texts = [
        "0x_ff",
        "0xFF",
        "0b101",
        "0o17",
        "1_000",
        "+5",
        "-5",
        "1.",
        ".5",
        "-.5e+3",
        "1e5",
        "1E-5",
        "inf",
        "-inf",
        "NaN",
        "18446744073709551615",
        "-9223372036854775808",
        "'a'",
        r"'\''",
        r"'\u{e9}'",
        "()",
        "( )",
        "(1)",
        "(1,)",
        "[]",
        "{}",
        "Foo",
        "Foo()",
        "Foo(1)",
        "Foo(a: 1,)",
        "Some(1)",
        "Some(Some(None))",
        "Some(())",
        "Some(1,)",
        r#""a\
            b""#,
        r###"r##"a"# b"##"###,
        "/* a /* b */ */ 1 // c",
        "{1: 2, \"a\": [true, false]}",
        "(a: Some(1))",
        "1_0.5",
        "1_0.5_0e1",
        "Some(Foo(1))",
        "[Some(1), None]",
        "(None, true)",
        "(inf, NaN)",
        "(a: inf)",
        "(a: A)",
        "{A: 1}",
        "0.1",
        "1e400",
        "123456789.123456789",
        "[(), ( ), []]",
        "(a: (), b: Foo(), c: (1, 2))",
    ];
    let refused: Vec<&str> = texts.into_iter().filter(|text| !agrees(text)).collect();
    assert_eq!(refused, REFUSED);
}

/// What RON reads and we do not: no digit before the first underscore.
const REFUSED: [&str; 1] = ["0x_ff"];

fn tree() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(|b| b.to_string()),
        any::<i64>().prop_map(|n| n.to_string()),
        any::<u64>().prop_map(|n| format!("{n:#x}")),
        any::<f32>().prop_map(|x| format!("{x:?}")),
        (-1e9..1e9_f64).prop_map(|x| format!("{x:?}")),
        ".{0,8}".prop_map(|s: String| format!("\"{}\"", s.escape_default())),
        "[ -~]{0,8}".prop_map(|s: String| format!("r#\"{}\"#", s.replace("\"#", ""))),
        any::<char>().prop_map(|c| format!("'{}'", c.escape_default())),
        "[A-Z][a-z]{0,3}".prop_map(|s: String| s),
        Just("()".to_owned()),
        Just("None".to_owned()),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        let items = prop::collection::vec(inner.clone(), 0..5);
        let fields = prop::collection::btree_map("f_[a-z]{1,4}", inner.clone(), 1..5);
        prop_oneof![
            items.clone().prop_map(|i| format!("[{}]", i.join(", "))),
            items.clone().prop_map(|i| format!("({} /* tuple */ )", i.join(","))),
            items.prop_map(|i| format!("Tag(\n{})", i.join(", // next\n"))),
            inner.prop_map(|i| format!("Some( {i} )")),
            fields.clone().prop_map(|f| format!("({},)", join(&f, ""))),
            fields.clone().prop_map(|f| format!("Named ({})", join(&f, ""))),
            fields.prop_map(|f| format!("{{{}}}", join(&f, "\""))),
        ]
    })
}

fn join(fields: &BTreeMap<String, String>, quote: &str) -> String {
    fields.iter().map(|(k, v)| format!("{quote}{k}{quote}: {v}")).collect::<Vec<_>>().join(", ")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(400) })]

    #[test]
    fn generated_trees_mean_the_same_to_ron(text in tree()) {
        prop_assert!(agrees(&text), "refused: {text}: {:?}", parse(&text).mistakes);
    }

    #[test]
    fn garbage_that_we_accept_ron_accepts(text in "[-+0-9a-fxob_.eEinNfSome(){}\\[\\],:\"'/ *r#\\\\]{0,12}") {
        agrees(&text);
    }
}
