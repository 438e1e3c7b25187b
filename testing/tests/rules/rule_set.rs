//! Sets of rules: order, counts, lists, limits.

use std::collections::BTreeMap;
use std::sync::Mutex;

use apigen_testing::rules::{RuleInput, RuleSet};

use crate::support::{read, rules};

/// Returns the ids of the rules in the order in which they are asked.
fn ids(rules: &RuleSet) -> Vec<usize> {
    std::iter::from_fn(|| rules.find("users.get_by_guid", RuleInput::default).map(|matched| matched.id())).collect()
}

fn add(rules: &RuleSet, text: &str) -> Vec<usize> {
    rules.add(read("rules.json", text.as_bytes()).unwrap()).unwrap()
}

const ONCE: &str = r#"{ "operation": "users.get_by_guid", "up-to": 1 }"#;

#[test]
fn later_additions_precede_and_keep_their_order() {
    let rules = rules(&format!("[{ONCE}, {ONCE}]"));
    assert_eq!(add(&rules, &format!("[{ONCE}, {ONCE}, {ONCE}]")), [3, 4, 5]);
    assert_eq!(add(&rules, ONCE), [6]);
    assert_eq!(ids(&rules), [6, 3, 4, 5, 1, 2]);
    rules.reset_hits();
    assert!(rules.remove(4) && !rules.remove(4) && !rules.remove(7));
    assert_eq!(ids(&rules), [6, 3, 5, 1, 2]);
    assert_eq!((rules.clear(), rules.len()), (5, 0));
    assert_eq!(add(&rules, ONCE), [7]);
    assert_eq!(ids(&rules), [7]);
}

#[test]
fn a_list_can_be_read_again() {
    let rules = rules(&format!(r#"[{{ "operation": "users.get", "name": "all" }}, {ONCE}]"#));
    rules.find("users.get", RuleInput::default).unwrap();
    let list = rules.to_json();
    let expected = [
        r#"[{"id":1,"hits":1,"operation":"users.get","name":"all"},"#,
        r#"{"id":2,"hits":0,"operation":"users.get_by_guid","up-to":1}]"#,
    ];
    assert_eq!(list, expected.concat());
    let again = RuleSet::default();
    add(&again, &list);
    assert_eq!(again.to_json(), list.replace("\"hits\":1", "\"hits\":0"));
    assert_eq!(RuleSet::default().to_json(), "[]");
    assert!(read("rules.json", b"[]").unwrap().is_empty());
}

/// Eight threads take responses of a limited rule and of a sequence: each exactly once.
#[test]
fn threads_share_counts() {
    const THREADS: usize = 8;
    const LIMIT: usize = 1000;
    let steps: Vec<String> = (0..LIMIT).map(|delay| format!(r#"{{"delay":"{delay}ms"}}"#)).collect();
    let rules = rules(&format!(
        r#"[{{ "operation": "users.get", "sequence": [{}] }}, {{ "operation": "users.get_by_guid", "up-to": {LIMIT} }}]"#,
        steps.join(",")
    ));
    let (delays, count) = (Mutex::new(BTreeMap::new()), Mutex::new(0));
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..LIMIT / 4 {
                    if let Some(matched) = rules.find("users.get", RuleInput::default) {
                        *delays.lock().unwrap().entry(matched.response().delay).or_insert(0) += 1;
                    }
                    let matched = rules.find("users.get_by_guid", RuleInput::default);
                    *count.lock().unwrap() += usize::from(matched.is_some());
                }
            });
        }
    });
    assert_eq!(*count.lock().unwrap(), LIMIT);
    let delays = delays.into_inner().unwrap();
    assert_eq!((delays.len(), delays.values().max()), (LIMIT, Some(&1)));
}

/// Rules change while requests are served.
#[test]
fn rules_change_while_they_are_used() {
    let rules = RuleSet::default();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..200 {
                    let ids = add(&rules, &format!("[{ONCE}, {ONCE}]"));
                    rules.find("users.get_by_guid", RuleInput::default);
                    assert!(ids.into_iter().all(|id| rules.remove(id)));
                }
            });
        }
    });
    assert_eq!((rules.len(), rules.to_json().as_str()), (0, "[]"));
}

#[test]
fn a_set_is_bounded() {
    let many = |count: usize| vec![ONCE; count].join(",");
    let rules = rules(&format!("[{}]", many(9_999)));
    add(&rules, ONCE);
    let error = rules.add(read("rules.json", ONCE.as_bytes()).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "there would be more than 10000 rules, or more than 64 MiB of them");
    assert_eq!(rules.len(), 10_000);
    rules.clear();
    let large =
        format!(r#"{{ "operation": "users.get_by_guid", "allow-invalid": true, "body": "{}" }}"#, "x".repeat(3 << 20));
    let add_large = || rules.add(read("rules.json", large.as_bytes()).unwrap()).is_ok();
    let added = (0..20).take_while(|_| add_large()).count();
    assert!((2..20).contains(&added), "{added}");
    assert_eq!(rules.len(), added);
}
