//! Tests that the time of every stage grows linearly with the document.

#[path = "../../../tests/common/growth.rs"]
mod measure;
#[path = "../../../tests/adversarial/shapes.rs"]
mod shapes;

use self::measure::{Steps, slow_steps};
use self::shapes::{SHAPES, Shape, half, sizes};
use super::*;

fn inputs(text: String) -> Inputs {
    Inputs { specs: vec![Source { name: "api.json".to_owned(), text, path: None }], ..Inputs::default() }
}

/// Runs the stages up to lints. Refused documents do not reach the later ones.
fn stages(text: String, steps: &mut Steps) {
    let mut loader = steps.time("parse", || read_documents(inputs(text), Reach::Direct));
    steps.time("check", || loader.check());
    if loader.report.has_errors() {
        return;
    }
    let api = steps.time("resolve", || resolve(&loader.units, &mut loader.report));
    steps.time("publish", || publish(&loader.units, 0).pretty());
    let settings = lint::Settings::default();
    steps.time("lint", || lint::lint(&loader.units, &api, &settings, &mut loader.report));
}

fn every_stage_of(shapes: impl Iterator<Item = &'static Shape>) {
    let run = |shape: &Shape| slow_steps(shape.0, sizes(shape), |size, steps| stages((shape.1)(size), steps));
    let slow: Vec<String> = shapes.flat_map(run).collect();
    assert!(slow.is_empty(), "{}", slow.join("\n"));
}

#[test]
fn half_of_the_shapes_take_time_in_proportion() {
    every_stage_of(half(false));
}

#[test]
fn other_half_of_the_shapes_take_time_in_proportion() {
    every_stage_of(half(true));
}

/// Each problem has an excerpt of the same long line.
#[test]
fn reports_take_time_in_proportion() {
    let reported = ["wrong defaults of a large enum", "imports that are missing"];
    for shape in SHAPES.iter().filter(|(name, _)| reported.contains(name)) {
        let slow = slow_steps(shape.0, sizes(shape), |size, steps| {
            let report = check(inputs((shape.1)(size)));
            assert_eq!(report.error_count(), size);
            steps.time("text", || report.to_string());
            steps.time("JSON", || report.to_json());
            steps.time("GitHub", || report.to_github());
        });
        assert!(slow.is_empty(), "{}", slow.join("\n"));
    }
}
