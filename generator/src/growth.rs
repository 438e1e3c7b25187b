//! Tests that the time of every stage grows linearly with the spec.

#[path = "../../tests/common/growth.rs"]
mod measure;
#[path = "../../tests/adversarial/shapes.rs"]
mod shapes;

use apigen_model::{Inputs, Source, load};

use self::measure::{Steps, slow_steps};
use self::shapes::{Shape, half, sizes};
use crate::plan::{Emit, Options};
use crate::{emit, output, plan};

/// Runs the stages after the model. Refused documents reach none of them.
fn stages(text: String, steps: &mut Steps) {
    let mut options = Options { server: Emit::Always, ..Options::default() };
    options.selection.types_only = !text.contains("\"operations\"");
    let source = Source { name: "api.json".to_owned(), text, path: None };
    let Ok(loaded) = load(Inputs { specs: vec![source], ..Inputs::default() }) else { return };
    let package = steps.time("plan", || plan::package(loaded.api, &options));
    let files: Vec<_> = steps.time("emit", || emit::files(&package, &options, "slow").collect());
    steps.time("output", || files.into_iter().for_each(|file| assert!(output::format(file).is_ok())));
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
