//! From a failing case to the smallest one that still fails the same way: delta debugging on the tree.
//!
//! Entries of lists go first, whole runs of them before single ones (Zeller and Hildebrandt 2002); then
//! optional fields, which puts everything back to its default; then numbers and times become smaller and
//! rounder. Whatever uses a name that is gone goes with it. Round and round, until nothing can be left out or
//! the effort is spent.

use super::case::Tree;
use super::tree::Value;

/// What came of shrinking.
#[derive(Clone, Debug)]
pub struct Shrunk {
    /// The smallest tree that still fails.
    pub tree: Tree,
    /// How many were tried.
    pub tried: usize,
}

/// Makes a failing tree smaller for as long as `fails` says that it still fails the same way, at most
/// `effort` times and until `is_over` says so.
pub fn shrink(
    tree: &Tree,
    effort: usize,
    is_over: impl Fn() -> bool,
    fails: impl FnMut(&Tree) -> bool,
) -> Shrunk {
    let mut search = Search { best: tree.clone(), tried: 0, effort, is_over, fails };
    loop {
        let before = search.best.clone();
        for root in [Root::Scenario, Root::Site] {
            search.lists(root);
            search.fields(root);
            search.numbers(root);
        }
        if search.best == before || search.is_spent() {
            return Shrunk { tree: search.best, tried: search.tried };
        }
    }
}

#[derive(Clone, Copy)]
enum Root {
    Scenario,
    Site,
}

/// Where a value is: the position in every list and record on the way to it.
type Path = Vec<usize>;

struct Search<O, F> {
    best: Tree,
    tried: usize,
    effort: usize,
    is_over: O,
    fails: F,
}

impl<O: Fn() -> bool, F: FnMut(&Tree) -> bool> Search<O, F> {
    fn is_spent(&self) -> bool {
        self.tried >= self.effort || (self.is_over)()
    }

    fn root(&self, root: Root) -> &Value {
        match root {
            Root::Scenario => &self.best.scenario,
            Root::Site => &self.best.site,
        }
    }

    /// Changes the value at a place; keeps that if the tree still fails.
    fn attempt(&mut self, root: Root, path: &[usize], change: impl FnOnce(&mut Value)) -> bool {
        if self.is_spent() {
            return false;
        }
        let mut candidate = self.best.clone();
        let whole = match root {
            Root::Scenario => &mut candidate.scenario,
            Root::Site => &mut candidate.site,
        };
        let Some(value) = at(whole, path) else { return false };
        change(value);
        candidate.prune();
        if candidate == self.best {
            return false;
        }
        self.tried += 1;
        let fails = (self.fails)(&candidate);
        if fails {
            self.best = candidate;
        }
        fails
    }

    /// Leaves entries of lists out, half of them at first, single ones at last.
    fn lists(&mut self, root: Root) {
        let mut index = 0;
        // A list that shrinks may take others, further on, with it.
        while let Some(path) = places(self.root(root), |v| matches!(v, Value::List(_))).get(index).cloned() {
            let mut chunk = length(self.root(root), &path);
            while chunk > 0 && !self.is_spent() {
                let mut from = 0;
                while from < length(self.root(root), &path) && !self.is_spent() {
                    let leave_out = |value: &mut Value| {
                        if let Value::List(values) = value {
                            let end = (from + chunk).min(values.len());
                            values.drain(from..end);
                        }
                    };
                    if !self.attempt(root, &path, leave_out) {
                        from += chunk;
                    }
                }
                chunk /= 2;
            }
            index += 1;
        }
    }

    /// Leaves optional fields out.
    fn fields(&mut self, root: Root) {
        let mut index = 0;
        while let Some(path) = places(self.root(root), |v| matches!(v, Value::Record(..))).get(index).cloned()
        {
            let mut field = 0;
            while field < length(self.root(root), &path) && !self.is_spent() {
                let optional = match look(self.root(root), &path) {
                    Some(Value::Record(_, fields)) => fields.get(field).is_some_and(|f| f.optional),
                    _ => false,
                };
                let leave_out = |value: &mut Value| {
                    if let Value::Record(_, fields) = value {
                        fields.remove(field);
                    }
                };
                if !(optional && self.attempt(root, &path, leave_out)) {
                    field += 1;
                }
            }
            index += 1;
        }
    }

    /// Makes numbers and times smaller, or at least rounder.
    fn numbers(&mut self, root: Root) {
        let number = |v: &Value| matches!(v, Value::Whole(_) | Value::Millis(_) | Value::Milli(_));
        for path in places(self.root(root), number) {
            let Some(value) = look(self.root(root), &path).cloned() else { continue };
            for simpler in simpler(&value) {
                if self.attempt(root, &path, |v| *v = simpler) {
                    break;
                }
            }
        }
    }
}

/// Simpler values to try in place of a number, the simplest first.
fn simpler(value: &Value) -> Vec<Value> {
    let (n, unit, make): (u64, u64, fn(u64) -> Value) = match value {
        Value::Whole(n) => (*n, 1, Value::Whole),
        Value::Millis(n) => (*n, 1_000, Value::Millis),
        Value::Milli(n) => (*n, 1_000, Value::Milli),
        _ => return vec![],
    };
    let mut all = vec![0, unit, n / 2, n / 2 / unit * unit, n / unit * unit, n.saturating_sub(unit)];
    all.retain(|m| *m < n);
    all.dedup();
    all.into_iter().map(make).collect()
}

fn children(value: &mut Value) -> Vec<&mut Value> {
    match value {
        Value::List(values) | Value::Row(values) | Value::Tuple(_, values) => values.iter_mut().collect(),
        Value::Record(_, fields) => fields.iter_mut().map(|f| &mut f.value).collect(),
        _ => vec![],
    }
}

fn child(value: &Value, index: usize) -> Option<&Value> {
    match value {
        Value::List(values) | Value::Row(values) | Value::Tuple(_, values) => values.get(index),
        Value::Record(_, fields) => fields.get(index).map(|f| &f.value),
        _ => None,
    }
}

fn at<'a>(value: &'a mut Value, path: &[usize]) -> Option<&'a mut Value> {
    path.iter().try_fold(value, |value, index| children(value).into_iter().nth(*index))
}

fn look<'a>(value: &'a Value, path: &[usize]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, index| child(value, *index))
}

/// How many entries or fields the value at a place has.
fn length(root: &Value, path: &[usize]) -> usize {
    match look(root, path) {
        Some(Value::List(values)) => values.len(),
        Some(Value::Record(_, fields)) => fields.len(),
        _ => 0,
    }
}

/// The places of all values of a kind, outer ones first.
fn places(root: &Value, of: impl Fn(&Value) -> bool) -> Vec<Path> {
    let mut found = Vec::new();
    let mut level: Vec<(Path, &Value)> = vec![(vec![], root)];
    while !level.is_empty() {
        found.extend(level.iter().filter(|(_, v)| of(v)).map(|(p, _)| p.clone()));
        let below = |(path, value): &(Path, &'_ Value)| {
            let step = |index: &usize| [path.as_slice(), &[*index]].concat();
            let indices = (0..).take_while(|i| child(value, *i).is_some());
            indices.map(|i| step(&i)).collect::<Vec<Path>>()
        };
        let next: Vec<Path> = level.iter().flat_map(below).collect();
        level = next.into_iter().filter_map(|p| look(root, &p).map(|v| (p, v))).collect();
    }
    found
}
