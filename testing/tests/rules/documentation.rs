//! The rules in the documentation are valid for the spec of the guide.

use std::path::Path;

use apigen_model::Source;
use apigen_model::api::Type;
use apigen_model::diagnostic::codes::explain;
use apigen_testing::rules::RuleReader;

use crate::support::Shop;

/// Returns the blocks of rules in a page.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let blocks = page.split("```").skip(1).step_by(2).filter_map(|block| block.split_once('\n'));
    blocks.filter(|(language, text)| ["json", "toml"].contains(language) && text.contains("operation")).collect()
}

#[test]
fn documented_rules_are_valid() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let path = root.join("specs/location.json");
    let location =
        Shop::of(Source { name: "location.json".to_owned(), text: read("specs/location.json"), path: Some(path) });
    let fill = |ty: &Type, number: usize| location.sample(ty, number);
    let reader = RuleReader::new(&location.api, &location.schema, &fill);
    let guide = read("docs/mock-server.md");
    let pages = [&*guide, explain("E070").unwrap(), explain("E074").unwrap()];
    let mut count = 0;
    for (language, text) in pages.into_iter().flat_map(blocks) {
        let rules = reader.read(&format!("example.{language}"), text.as_bytes()).unwrap();
        assert!(!rules.is_empty(), "{text}");
        count += 1;
    }
    assert_eq!(count, 4);
}
