//! The rules of a running server.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::body::Fill;
use super::matcher::{ParsedInput, RuleInput};
use super::rule::{Rule, RuleResponse};

/// The maximum number of rules.
const MAX_RULES: usize = 10_000;
/// The maximum memory of all rules, in bytes, estimated.
const MAX_WEIGHT: usize = 64 << 20;

/// The rules of a server, which may be changed while it runs.
///
/// The first rule that matches responds. Rules that were added together are asked in their order, and before all rules
/// that were added earlier.
#[derive(Debug, Default)]
pub struct RuleSet {
    rules: RwLock<Rules>,
    /// The number of rules, so that a server without rules takes no lock.
    count: AtomicUsize,
}

#[derive(Debug, Default)]
struct Rules {
    /// In the order in which they are asked.
    entries: Vec<Arc<Entry>>,
    /// Requests share the list, which a change then copies.
    by_operation: HashMap<String, Arc<Vec<Arc<Entry>>>>,
    /// The number of rules that were ever added, here and to sets with the same numbering.
    added: Arc<AtomicUsize>,
    weight: usize,
}

#[derive(Debug)]
struct Entry {
    id: usize,
    rule: Rule,
    hits: AtomicUsize,
}

/// A rule that matched a request. `Display` prints `rule 3`, or `rule 3 (its name)`.
#[derive(Debug, Clone)]
pub struct MatchedRule {
    entry: Arc<Entry>,
    hit: usize,
}

/// The rules would take too much memory; none was added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyRules {
    _private: (),
}

impl RuleSet {
    /// Returns an empty set with the same numbering: no rule of one has the id of a rule of the other.
    pub fn sibling(&self) -> RuleSet {
        let rules = Rules { added: Arc::clone(&self.read().added), ..Rules::default() };
        RuleSet { rules: RwLock::new(rules), count: AtomicUsize::new(0) }
    }

    /// Adds rules, which precede all that are there, and returns their ids: numbers from 1 that are never used again.
    ///
    /// # Errors
    /// Returns an error if there would be more than 10 000 rules, or if they would take more than 64 MiB.
    pub fn add(&self, rules: Vec<Rule>) -> Result<Vec<usize>, TooManyRules> {
        let mut all = self.write();
        let weight = rules.iter().map(Rule::weight).fold(all.weight, usize::saturating_add);
        if all.entries.len() + rules.len() > MAX_RULES || weight > MAX_WEIGHT {
            return Err(TooManyRules { _private: () });
        }
        let ids = all.prepend(rules);
        self.count.store(all.entries.len(), Ordering::Release);
        Ok(ids)
    }

    /// Removes a rule, and returns whether there was one with this id.
    pub fn remove(&self, id: usize) -> bool {
        self.retain(|entry| entry.id != id) > 0
    }

    /// Removes the rules for which `keep` returns false, and returns their number.
    pub fn retain_rules(&self, keep: impl Fn(&Rule) -> bool) -> usize {
        self.retain(|entry| keep(&entry.rule))
    }

    /// Returns true if there is a rule for an operation.
    pub fn concerns(&self, operation: &str) -> bool {
        !self.is_empty() && self.read().by_operation.contains_key(operation)
    }

    /// Removes all rules, and returns their number.
    pub fn clear(&self) -> usize {
        self.retain(|_| false)
    }

    /// Counts hits from zero again: limited rules and sequences begin anew.
    pub fn reset_hits(&self) {
        self.read().entries.iter().for_each(|entry| entry.hits.store(0, Ordering::Relaxed));
    }

    /// Returns the number of rules.
    pub fn len(&self) -> usize {
        self.count.load(Ordering::Acquire)
    }

    /// Returns true if there are no rules.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Finds the first rule that matches a request of this operation, and counts the hit. The input is asked for only
    /// if a rule of the operation has conditions.
    pub fn find(&self, operation: &str, input: impl FnOnce() -> RuleInput) -> Option<MatchedRule> {
        if self.is_empty() {
            return None;
        }
        // Conditions are evaluated without the lock, so that large bodies do not delay changes.
        let entries = self.read().by_operation.get(operation).map(Arc::clone)?;
        let (mut input, mut parsed) = (Some(input), None);
        for entry in entries.iter() {
            let conditions = &entry.rule.conditions;
            if entry.is_exhausted() {
                continue;
            }
            if !conditions.is_empty() {
                if let Some(input) = input.take() {
                    parsed = Some(ParsedInput::new(input()));
                }
                if !parsed.as_ref().is_some_and(|input| conditions.hold(input)) {
                    continue;
                }
            }
            if let Some(hit) = entry.count_hit() {
                return Some(MatchedRule { entry: Arc::clone(entry), hit });
            }
        }
        None
    }

    /// Returns all rules as a JSON array, in the order in which they are asked. Each is an object as it is read, with
    /// its `id` and the number of its `hits`.
    pub fn to_json(&self) -> String {
        let rules = self.read();
        let objects = rules.entries.iter().map(|entry| {
            let rest = entry.rule.json.strip_prefix('{').unwrap_or_default();
            format!("{{\"id\":{},\"hits\":{},{rest}", entry.id, entry.hits.load(Ordering::Relaxed))
        });
        format!("[{}]", objects.collect::<Vec<_>>().join(","))
    }

    /// Keeps some of the rules, and returns the number of others.
    fn retain(&self, is_kept: impl Fn(&Entry) -> bool) -> usize {
        let mut all = self.write();
        let before = all.entries.len();
        all.entries.retain(|entry| is_kept(entry));
        for entries in all.by_operation.values_mut() {
            Arc::make_mut(entries).retain(|entry| is_kept(entry));
        }
        all.by_operation.retain(|_, entries| !entries.is_empty());
        all.weight = all.entries.iter().map(|entry| entry.rule.weight()).sum();
        self.count.store(all.entries.len(), Ordering::Release);
        before - all.entries.len()
    }

    fn read(&self) -> RwLockReadGuard<'_, Rules> {
        self.rules.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Rules> {
        self.rules.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rules {
    fn prepend(&mut self, rules: Vec<Rule>) -> Vec<usize> {
        let new = rules.into_iter().map(|rule| {
            self.weight += rule.weight();
            let id = self.added.fetch_add(1, Ordering::Relaxed) + 1;
            Arc::new(Entry { id, rule, hits: AtomicUsize::new(0) })
        });
        let new: Vec<Arc<Entry>> = new.collect();
        let mut by_operation: HashMap<&str, Vec<Arc<Entry>>> = HashMap::new();
        for entry in &new {
            by_operation.entry(&entry.rule.operation).or_default().push(Arc::clone(entry));
        }
        for (operation, entries) in by_operation {
            let known = self.by_operation.entry(operation.to_owned()).or_default();
            Arc::make_mut(known).splice(0..0, entries);
        }
        let ids = new.iter().map(|entry| entry.id).collect();
        self.entries.splice(0..0, new);
        ids
    }
}

impl Entry {
    fn is_exhausted(&self) -> bool {
        self.rule.limit.is_some_and(|limit| self.hits.load(Ordering::Relaxed) >= limit)
    }

    /// Counts a hit and returns the number of those before; `None` if the limit was reached meanwhile.
    fn count_hit(&self) -> Option<usize> {
        let limit = self.rule.limit.unwrap_or(usize::MAX);
        let next = |hits: usize| (hits < limit).then_some(hits + 1);
        self.hits.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).ok()
    }
}

impl MatchedRule {
    /// Returns the id of the rule.
    pub fn id(&self) -> usize {
        self.entry.id
    }

    /// Returns the rule.
    pub fn rule(&self) -> &Rule {
        &self.entry.rule
    }

    /// Returns the number of requests that the rule had matched before, by which a fault selects a byte.
    pub fn hit(&self) -> usize {
        self.hit
    }

    /// Returns the response to this request.
    pub fn response(&self) -> &RuleResponse {
        self.entry.rule.response(self.hit)
    }

    /// Returns the body of the response as JSON text; samples fill what the rule leaves out. `None` means no content.
    pub fn body(&self, fill: &Fill<'_>) -> Option<Cow<'_, str>> {
        self.response().body.text(fill)
    }
}

impl fmt::Display for MatchedRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.entry.rule.name() {
            Some(name) => write!(f, "rule {} ({name})", self.entry.id),
            None => write!(f, "rule {}", self.entry.id),
        }
    }
}

impl fmt::Display for TooManyRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there would be more than {MAX_RULES} rules, or more than {} MiB of them", MAX_WEIGHT >> 20)
    }
}

impl std::error::Error for TooManyRules {}
