//! Factories of types that are not generated.

use std::collections::BTreeMap;

use apigen_runtime::{
    Decimal, FromJson, Object, ToJson, Uuid, Value,
    mock::{Factory, Sample, Sampler},
};

#[derive(Debug, Clone, PartialEq)]
struct Item {
    id: Uuid,
    name: String,
    size: Option<i32>,
    notes: Vec<String>,
    price: Decimal,
}

impl Sample for Item {
    fn sample(s: &mut Sampler) -> Self {
        Item {
            id: s.get(),
            name: s.min(2).max(4).get(),
            size: s.min(1).max(9).get(),
            notes: s.get(),
            price: s.min(5).max(6).get(),
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_value_on_every_machine() {
    let shown = format!("{:?}", Factory::<Item>::new().seed(42).build());
    let wanted = r#"Item { id: bdd73226-2feb-4e95-a8ef-e333b266f103, name: "quux", size: None, notes: ["vcyvievlhmw", "ldkrddbxfg"], price: 5.93 }"#;
    assert_eq!(shown, wanted);
    assert_ne!(Factory::<Item>::new().seed(43).build(), Factory::<Item>::new().seed(42).build());
}

#[test]
fn many_values_differ_and_begin_with_the_first() {
    let factory = Factory::<Item>::new().seed(7);
    let many = factory.many(50);
    assert_eq!((many.len(), &many[0]), (50, &factory.build()));
    assert_eq!(many, factory.many(50));
    let mut ids: Vec<Uuid> = many.iter().map(|item| item.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 50);
    assert!(many.iter().any(|item| item.size.is_some()) && many.iter().any(|item| item.size.is_none()));
}

#[test]
fn edits_come_last_and_in_order() {
    let factory = Factory::<Item>::new().set::<String, _>("ab", |item| &mut item.name).with(|item| item.name.push('c'));
    assert_eq!(factory.clone().build().name, "abc");
    assert!(factory.many(3).iter().all(|item| item.name == "abc"));
    let minimal = factory.minimal().build();
    assert_eq!((minimal.size, minimal.notes.len()), (None, 0));
    let full = Factory::<Item>::new().full().build();
    assert!(full.size.is_some() && !full.notes.is_empty());
}

#[test]
fn values_of_every_type_come_back_from_json() {
    fn all<T: Sample + FromJson + ToJson + PartialEq + std::fmt::Debug + 'static>() {
        for value in Factory::<T>::new().many(100) {
            assert_eq!(T::from_json(value.to_json()).unwrap(), value);
        }
    }
    all::<bool>();
    all::<i32>();
    all::<i64>();
    all::<f64>();
    all::<Decimal>();
    all::<String>();
    all::<Uuid>();
    all::<Object>();
    all::<Value>();
    all::<()>();
    all::<Vec<Option<i64>>>();
    all::<BTreeMap<String, Vec<Box<f64>>>>();
    #[cfg(feature = "jiff")]
    all::<apigen_runtime::Date>();
    #[cfg(feature = "jiff")]
    all::<apigen_runtime::Timestamp>();
    #[cfg(feature = "chrono")]
    all::<apigen_runtime::NaiveDate>();
    #[cfg(feature = "chrono")]
    all::<apigen_runtime::UtcDateTime>();
}
