//! Looks the pieces of files up in the table.

use std::{borrow::Cow, collections::HashMap};

use super::{
    pieces::{Piece, Role},
    table::{Kind, Row},
};

/// A replaced word that was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit<'t> {
    pub(super) word: &'t str,
    pub(super) row: &'t Row,
}

/// The table, prepared for many questions.
pub(super) struct Matcher<'t> {
    /// By the first part of what is looked for.
    parts: HashMap<&'t str, Vec<Sequence<'t>>>,
    exact: HashMap<(Kind, &'t str), Hit<'t>>,
    types: Vec<Hit<'t>>,
    gerunds: Vec<Hit<'t>>,
    prose: HashMap<&'t str, Vec<Sequence<'t>>>,
    /// What was answered for a name, because names come again and again.
    known: HashMap<String, Vec<Hit<'t>>>,
}

/// Words or parts that stand in a row.
struct Sequence<'t> {
    all: Vec<&'t str>,
    hit: Hit<'t>,
}

impl<'t> Matcher<'t> {
    pub(super) fn new(rows: &'t [Row]) -> Self {
        let mut matcher = Self {
            parts: HashMap::new(),
            exact: HashMap::new(),
            types: Vec::new(),
            gerunds: Vec::new(),
            prose: HashMap::new(),
            known: HashMap::new(),
        };
        for row in rows {
            for word in row.words {
                matcher.add(Hit { word, row });
            }
        }
        matcher
    }

    fn add(&mut self, hit: Hit<'t>) {
        let sequence = |separator| {
            let all: Vec<_> = hit.word.split(separator).collect();
            (all.first().copied().unwrap_or_default(), Sequence { all, hit })
        };
        match hit.row.kind {
            Kind::Part => {
                let (first, sequence) = sequence('_');
                self.parts.entry(first).or_default().push(sequence);
            }
            Kind::Prose => {
                for index in [&mut self.prose, &mut self.parts] {
                    let (first, sequence) = sequence(' ');
                    index.entry(first).or_default().push(sequence);
                }
            }
            Kind::Type => self.types.push(hit),
            Kind::Gerund => self.gerunds.push(hit),
            kind => {
                self.exact.insert((kind, hit.word), hit);
            }
        }
    }

    /// The replaced words in the pieces of a file, each with its piece.
    pub(super) fn find<'p>(&mut self, pieces: &[Piece<'p>]) -> Vec<(Piece<'p>, Hit<'t>)> {
        let mut found = Vec::new();
        let mut before = String::new();
        for piece in pieces {
            let kind = match piece.role {
                Role::Word { follows } => {
                    let word = piece.text.to_lowercase();
                    let hits = in_row(&self.prose, &[before.as_str(), word.as_str()], follows);
                    found.extend(hits.into_iter().map(|hit| (*piece, hit)));
                    before = word;
                    continue;
                }
                Role::Name => Kind::Name,
                Role::Function => Kind::Function,
                Role::Member => Kind::Member,
                Role::Code => Kind::Code,
                Role::Table => Kind::Table,
                Role::Module => Kind::Module,
            };
            if let Some(hit) = self.exact.get(&(kind, piece.text)) {
                found.push((*piece, *hit));
            }
            if matches!(piece.role, Role::Name | Role::Module) {
                found.extend(self.in_name(piece.text).iter().map(|hit| (*piece, *hit)));
            }
        }
        found
    }

    /// The replaced words that are parts of a name.
    fn in_name(&mut self, name: &str) -> &[Hit<'t>] {
        if !self.known.contains_key(name) {
            let parts = split(name);
            let mut hits = Vec::new();
            for at in 0..parts.len() {
                hits.extend(from(&self.parts, parts.get(at..).unwrap_or_default()));
            }
            hits.extend(self.types.iter().filter(|hit| is_type(name, hit.word)));
            hits.extend(self.gerunds.iter().filter(|hit| is_gerund(&parts, hit.word)));
            self.known.insert(name.to_owned(), hits);
        }
        self.known.get(name).map_or(&[], Vec::as_slice)
    }
}

/// The hits that begin with the first of some parts.
fn from<'t>(index: &HashMap<&'t str, Vec<Sequence<'t>>>, parts: &[Cow<'_, str>]) -> Vec<Hit<'t>> {
    let Some(first) = parts.first() else { return Vec::new() };
    let candidates = index.get(first.as_ref()).into_iter().flatten();
    candidates
        .filter(|sequence| {
            sequence.all.len() <= parts.len() && sequence.all.iter().zip(parts).all(|(one, part)| one == part)
        })
        .map(|sequence| sequence.hit)
        .collect()
}

/// The hits that end with the last of two words of prose; both count only where one follows the other.
fn in_row<'t>(index: &HashMap<&'t str, Vec<Sequence<'t>>>, words: &[&str; 2], follows: bool) -> Vec<Hit<'t>> {
    let [before, word] = *words;
    let single = index.get(word).into_iter().flatten().filter(|sequence| sequence.all == [word]);
    let double = index.get(before).into_iter().flatten();
    let double = double.filter(|sequence| follows && sequence.all == [before, word]);
    single.chain(double).map(|sequence| sequence.hit).collect()
}

fn is_type(name: &str, word: &str) -> bool {
    let behind = name.strip_prefix(word).map(|rest| rest.chars().next());
    behind.is_some_and(|next| next.is_none_or(|next| next.is_ascii_uppercase() || next == '_'))
}

/// Whether the second part of a name is a gerund. Short words such as `bring` end in `ing` too and are verbs.
fn is_gerund(parts: &[Cow<'_, str>], word: &str) -> bool {
    matches!(parts, [first, second, ..] if first == word && second.len() > 5 && second.ends_with("ing"))
}

/// The parts of a name, in lower case: `snake_case`, `CamelCase`, `SCREAMING_CASE`.
fn split(name: &str) -> Vec<Cow<'_, str>> {
    let mut parts = Vec::new();
    for part in name.split(['_', '-']).filter(|part| !part.is_empty()) {
        let mut start = 0;
        let bytes = part.as_bytes();
        for at in 1..bytes.len() {
            let is_upper = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_uppercase);
            let is_lower = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_lowercase);
            // `MdmInfo` and `MDMInfo`.
            if is_upper(at) && (!is_upper(at - 1) || is_lower(at + 1)) {
                parts.extend(part.get(start..at).map(lower));
                start = at;
            }
        }
        parts.extend(part.get(start..).map(lower));
    }
    parts
}

fn lower(part: &str) -> Cow<'_, str> {
    if part.bytes().any(|one| one.is_ascii_uppercase()) {
        part.to_ascii_lowercase().into()
    } else {
        part.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_in_every_spelling() {
        for name in ["one_two_three", "OneTwoThree", "ONE_TWO_THREE", "one-two-three", "_oneTwoThree"] {
            assert_eq!(split(name), ["one", "two", "three"], "{name}");
        }
        assert_eq!(split("MDMInfo"), ["mdm", "info"]);
        assert_eq!(split("s20_rule"), ["s20", "rule"]);
    }

    #[test]
    fn a_type_is_named_by_its_first_part() {
        assert!(is_type("Member", "Member") && is_type("MemberStatus", "Member"));
        assert!(!is_type("Membership", "Member") && !is_type("IsMember", "Member"));
    }

    #[test]
    fn a_gerund_is_the_second_part() {
        assert!(is_gerund(&split("pick_writing"), "pick"));
        for name in ["pick_write_writing", "writing", "pick_bring", "choose_writing"] {
            assert!(!is_gerund(&split(name), "pick"), "{name}");
        }
    }
}
