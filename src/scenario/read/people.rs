//! Access levels, holders, credentials and populations.

use super::entries::{Entries, Table};
use crate::apb::id::{AreaId, CardNumber, GroupId, HolderId, ScheduleId};
use crate::apb::policy::{Exemption, Exemptions};
use crate::apb::site::{Credential, Group, Holder, Right, Role, SiteParts};
use crate::apb::time::Time;
use crate::scenario::calendar::Calendar;
use crate::scenario::decode::{Fields, Log, choice, entries, list};
use crate::scenario::names::Names;
use crate::scenario::syntax::{Node, Place, Value, quoted};
use crate::scenario::units;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The most holders, and the most credentials, of a site.
const PEOPLE_MAX: usize = 2_000_000;

/// The access level of holders that name none: every area, always.
const EVERYWHERE: &str = "everywhere";

/// What people refer to.
pub(super) struct Ground<'a> {
    pub(super) areas: &'a Names,
    pub(super) schedules: &'a Names,
    pub(super) groups: &'a Names,
    pub(super) calendar: &'a Calendar,
}

/// Everybody on the site's books.
pub(in crate::scenario) struct People {
    pub(in crate::scenario) holder_names: Names,
    pub(in crate::scenario) credential_names: Names,
    pub(in crate::scenario) population_names: Names,
    /// The holders of each population.
    pub(in crate::scenario) populations: Vec<Range<usize>>,
    /// How many holders are people; after them come those that stand for single credentials.
    pub(in crate::scenario) persons: usize,
    pub(super) holders: Vec<Holder>,
    pub(super) holder_places: Vec<Place>,
    pub(super) credentials: Vec<Credential>,
    pub(super) credential_places: Vec<Place>,
    pub(super) rights: Vec<Vec<Right>>,
    /// Sets of access levels that some holder has, and the position of their rights.
    sets: BTreeMap<Vec<usize>, usize>,
    /// Credentials without a number of their own.
    unnumbered: Vec<usize>,
}

/// The access levels of a site.
struct Levels {
    names: Names,
    rights: Vec<Vec<Right>>,
    everywhere: usize,
}

/// Reads the fields `access`, `holders` and `populations`.
pub(super) fn people(fields: &Fields<'_>, ground: &Ground<'_>, log: &Log<'_>) -> People {
    let levels = levels(fields.get("access"), ground, log);
    let mut people = People {
        holder_names: Names::new("holder", "holders"),
        credential_names: Names::new("credential", "credentials"),
        population_names: Names::new("population", "populations"),
        populations: vec![],
        persons: 0,
        holders: vec![],
        holder_places: vec![],
        credentials: vec![],
        credential_places: vec![],
        rights: vec![],
        sets: BTreeMap::new(),
        unnumbered: vec![],
    };
    let holders = Entries::of(fields.get("holders"), ("holder", "holders"), log);
    for (i, node) in holders.nodes.iter().enumerate() {
        people.add_holder(node, holders.name(i), &levels, ground, log);
    }
    let populations = Entries::of(fields.get("populations"), ("population", "populations"), log);
    for (i, node) in populations.nodes.iter().enumerate() {
        people.population_names.add(populations.name(i));
        let first = people.holders.len();
        people.add_population(node, populations.name(i), &levels, ground, log);
        people.populations.push(first..people.holders.len());
    }
    people.number();
    people.persons = people.holders.len();
    people
}

/// The field `groups`.
pub(super) fn groups(node: Option<&Node>, log: &Log<'_>) -> Table<Group> {
    Table::of(node, ("group", "groups"), log, |fields, name| {
        let exempt = fields.map(|fields| exemptions(fields, log)).unwrap_or_default();
        Group { name: name.into(), exempt }
    })
}

fn levels(list_node: Option<&Node>, ground: &Ground<'_>, log: &Log<'_>) -> Levels {
    let levels = Entries::of(list_node, ("access level", "access levels"), log);
    let mut names = Names::new("access level", "access levels");
    let mut rights = Vec::new();
    let all = || (0..ground.areas.len()).map(AreaId::at);
    for (i, node) in levels.nodes.iter().enumerate() {
        names.add(levels.name(i));
        let mut level = Vec::new();
        if let Some(fields) = Fields::of(node, "an access level", log) {
            fields.get("id");
            let schedule = fields
                .optional("schedule", log, |node, log| units::known(node, ground.schedules, log))
                .map(ScheduleId::at);
            let areas = fields.required("areas", log, |node, log| match &node.value {
                Value::Name(name) if name == "All" => Some(all().collect()),
                _ => list(node, "areas", log, |node, log| {
                    units::known(node, ground.areas, log).map(AreaId::at)
                }),
            });
            level.extend(areas.unwrap_or_default().into_iter().map(|area| Right { area, schedule }));
            fields.finish(log);
        }
        rights.push(level);
    }
    let everywhere = names.find(EVERYWHERE).unwrap_or_else(|| {
        names.add(EVERYWHERE);
        rights.push(all().map(|area| Right { area, schedule: None }).collect());
        rights.len() - 1
    });
    Levels { names, rights, everywhere }
}

impl People {
    fn add_holder(&mut self, node: &Node, name: &str, levels: &Levels, ground: &Ground<'_>, log: &Log<'_>) {
        let holder = HolderId::at(self.holders.len());
        self.holder_names.add(name);
        self.holder_places.push(node.place);
        let Some(fields) = Fields::of(node, "a holder", log) else {
            let rights = self.intern(vec![levels.everywhere], levels);
            self.holders.push(Holder { name: name.into(), rights, ..Holder::default() });
            return;
        };
        fields.get("id");
        let holder_row = Holder { name: name.into(), ..self.standing(&fields, levels, ground, log) };
        self.holders.push(holder_row);
        match fields.get("credentials") {
            Some(node) => {
                for node in entries(node, "credentials", log).unwrap_or_default() {
                    self.add_credential(node, holder, ground, log);
                }
            }
            None => {
                let credential = blank(name.to_owned(), holder);
                self.push_credential(credential, false, node.head(), log);
            }
        }
        fields.finish(log);
    }

    /// What one holder and a population have in common: everything but the name.
    fn standing(
        &mut self,
        fields: &Fields<'_>,
        levels: &Levels,
        ground: &Ground<'_>,
        log: &Log<'_>,
    ) -> Holder {
        let rights = self.rights_of(fields, levels, log);
        let exempt = exemptions(fields, log);
        let group = |node: &Node, log: &Log<'_>| units::known(node, ground.groups, log).map(GroupId::at);
        let mut groups = fields.or("groups", vec![], log, |node, log| list(node, "groups", log, group));
        groups.sort_unstable();
        groups.dedup();
        let role = |node: &Node, log: &Log<'_>| choice(node, "a role", ROLES, log);
        let roles = fields.or("roles", vec![], log, |node, log| list(node, "roles", log, role));
        Holder { name: String::new(), rights, exempt, groups, roles: roles.into_iter().collect() }
    }

    fn rights_of(&mut self, fields: &Fields<'_>, levels: &Levels, log: &Log<'_>) -> usize {
        let chosen = fields.or("access", vec![levels.everywhere], log, |node, log| {
            list(node, "access levels", log, |node, log| units::known(node, &levels.names, log))
        });
        self.intern(chosen, levels)
    }

    /// The position of the rights that these levels give together.
    fn intern(&mut self, mut chosen: Vec<usize>, levels: &Levels) -> usize {
        chosen.sort_unstable();
        chosen.dedup();
        let rights = &mut self.rights;
        *self.sets.entry(chosen.clone()).or_insert_with(|| {
            rights.push(chosen.iter().filter_map(|i| levels.rights.get(*i)).flatten().copied().collect());
            rights.len() - 1
        })
    }

    fn add_credential(&mut self, node: &Node, holder: HolderId, ground: &Ground<'_>, log: &Log<'_>) {
        if let Value::Text(_) = node.value {
            let name = units::name(node, log).unwrap_or_default();
            self.push_credential(blank(name, holder), false, node.place, log);
            return;
        }
        let Some(fields) = Fields::of(node, "a credential", log) else { return };
        let name = fields.required("id", log, units::name).unwrap_or_default();
        let number = fields.optional("number", log, |node, log| units::whole(node, 0, u64::MAX, log));
        let mut credential = blank(name, holder);
        credential.number = CardNumber(number.unwrap_or(0));
        let instant = |node: &Node, log: &Log<'_>| ground.calendar.instant(node, log);
        // A time before the start has come already: valid from then on, or not any more.
        credential.valid_from = fields.optional("valid_from", log, instant).flatten();
        let until = fields.optional("valid_until", log, instant);
        credential.valid_until = until.map(|until| until.unwrap_or(Time::ZERO));
        if let (Some(from), Some(until)) = (credential.valid_from, credential.valid_until)
            && from >= until
        {
            let found = format!("credential {} is never valid", quoted(&credential.name));
            log.note(fields.head, found, "`valid_until` is not after `valid_from`", "");
        }
        let head = fields.place;
        fields.finish(log);
        self.push_credential(credential, number.is_some(), head, log);
    }

    fn push_credential(&mut self, credential: Credential, numbered: bool, place: Place, log: &Log<'_>) {
        if !self.credential_names.add(&credential.name) && !credential.name.is_empty() {
            let found = format!("a second credential {}", quoted(&credential.name));
            log.note(place, found, "given again here", "names of credentials are unique in a site");
        }
        if !numbered {
            self.unnumbered.push(self.credentials.len());
        }
        self.credential_places.push(place);
        self.credentials.push(credential);
    }

    fn add_population(
        &mut self,
        node: &Node,
        name: &str,
        levels: &Levels,
        ground: &Ground<'_>,
        log: &Log<'_>,
    ) {
        let Some(fields) = Fields::of(node, "a population", log) else { return };
        fields.get("id");
        let count = fields.required("count", log, |node, log| units::whole(node, 1, 1_000_000, log));
        let each = fields.or("credentials_each", 1, log, |node, log| units::whole(node, 0, 16, log));
        let standing = self.standing(&fields, levels, ground, log);
        let head = fields.head;
        fields.finish(log);
        let count = count.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        let each = usize::try_from(each).unwrap_or(1);
        if self.holders.len() + count > PEOPLE_MAX || self.credentials.len() + count * each > PEOPLE_MAX {
            let found = format!("more than {PEOPLE_MAX} people or credentials on one site");
            log.note(
                head,
                found,
                "this population is too much",
                "make `count` or `credentials_each` smaller",
            );
            return;
        }
        let digits = count.to_string().len().max(4);
        let mut repeated = None;
        for i in 1..=count {
            let holder_name = format!("{name}-{i:0digits$}");
            let holder = HolderId::at(self.holders.len());
            if !self.holder_names.add(&holder_name) {
                repeated.get_or_insert(holder_name.clone());
            }
            self.holder_places.push(head);
            for j in 1..=each {
                let own = if each == 1 { holder_name.clone() } else { format!("{holder_name}-{j}") };
                self.push_credential(blank(own, holder), false, head, log);
            }
            self.holders.push(Holder { name: holder_name, ..standing.clone() });
        }
        if let Some(repeated) = repeated {
            let found = format!("this population makes a second holder {}", quoted(&repeated));
            log.note(head, found, "", "give the population or the holder another name");
        }
    }

    /// Takes in the holders that stand for single credentials: they have names, like everybody else.
    pub(super) fn add_followed(&mut self, parts: &SiteParts) {
        let followed = parts.credentials.iter().enumerate().filter(|(_, c)| c.holder.index() >= self.persons);
        for (i, credential) in followed {
            let name = parts.holders.get(credential.holder.index()).map_or("", |h| h.name.as_str());
            self.holder_names.add(name);
            self.holder_places.push(self.credential_places.get(i).copied().unwrap_or_default());
        }
    }

    /// Gives numbers to the credentials that have none: 1, 2, 3, …, leaving out those in use.
    fn number(&mut self) {
        let bare: BTreeSet<usize> = self.unnumbered.iter().copied().collect();
        let given = self.credentials.iter().enumerate().filter(|(i, _)| !bare.contains(i));
        let used: BTreeSet<u64> = given.map(|(_, c)| c.number.0).collect();
        let mut free = (1..).filter(|n| !used.contains(n));
        for i in &self.unnumbered {
            if let (Some(credential), Some(number)) = (self.credentials.get_mut(*i), free.next()) {
                credential.number = CardNumber(number);
            }
        }
    }
}

fn blank(name: String, holder: HolderId) -> Credential {
    Credential { name, number: CardNumber(0), holder, valid_from: None, valid_until: None }
}

const EXEMPTIONS: [(&str, Exemption); 6] = [
    ("Passback", Exemption::Passback),
    ("Occupancy", Exemption::Occupancy),
    ("AccessRights", Exemption::AccessRights),
    ("Lockout", Exemption::Lockout),
    ("Deny", Exemption::Deny),
    ("Verification", Exemption::Verification),
];

const ROLES: [(&str, Role); 3] =
    [("Visitor", Role::Visitor), ("Escort", Role::Escort), ("Opener", Role::Opener)];

fn exemptions(fields: &Fields<'_>, log: &Log<'_>) -> Exemptions {
    let decode = |node: &Node, log: &Log<'_>| choice(node, "an exemption", EXEMPTIONS, log);
    let all = fields.optional("exempt", log, |node, log| list(node, "exemptions", log, decode));
    all.unwrap_or_default().into_iter().collect()
}
