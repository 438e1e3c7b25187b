//! Prints a sample of a type of a spec: `cargo run --example sample -- specs/order.json order 7`.

#![allow(clippy::print_stdout, reason = "it is a command")]

use std::sync::Arc;

use apigen_model::behaviour::SensitiveAnnotations;
use apigen_model::{Inputs, Source, load};
use apigen_testing::sample::{Options, Sampling};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [spec, ty, seed @ ..] = arguments.as_slice() else { return Err("usage: sample SPEC TYPE [SEED]".into()) };
    let source = Source { name: spec.clone(), text: std::fs::read_to_string(spec)?, path: Some(spec.into()) };
    let loaded = load(Inputs { specs: vec![source], ..Inputs::default() }).map_err(|report| report.render(false))?;
    let schema = Arc::new(apigen_testing::schema(&loaded.api, &SensitiveAnnotations::default())?);
    let sampling = Sampling::new(&loaded.api, Arc::clone(&schema));
    let seed = seed.first().map_or(Ok(0), |seed| seed.parse())?;
    let sample = sampling.value(&schema.find(ty)?, &Options { seed, ..Options::default() });
    println!("{}", sample.ok_or("there is no valid value of this type")?);
    Ok(())
}
