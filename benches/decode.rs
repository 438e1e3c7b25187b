//! Decoding and encoding orders with generated code (validating every limit) against serde_json with derived structs.
//!
//! `APIGEN_CORPUS=… cargo bench --bench decode`. Both sides run in turn in one process; the least of nine rounds counts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

#[path = "common/mod.rs"]
mod common;
#[path = "decode/derived.rs"]
mod derived;

use std::hint::black_box;
use std::time::Instant;

use apigen_runtime::{FromJson, ToJson};

#[expect(clippy::print_stdout, reason = "a benchmark prints its table")]
fn main() {
    let Some(corpus) = common::corpus() else {
        println!("skipped: APIGEN_CORPUS names no folder of API Builder documents");
        return;
    };
    println!("{:24} {:>12} {:>12} {:>6}", "microseconds", "apigen", "serde_json", "ratio");
    for file in ["order_1k_valid.json", "order_20k_valid.json"] {
        let json = std::fs::read(corpus.join("bench").join(file)).unwrap();
        let ours = order::Order::from_json(&json).unwrap();
        let theirs: derived::Order = serde_json::from_slice(&json).unwrap();
        let rounds = 20_000_000 / json.len() / 9;
        row(
            &format!("decode {file}"),
            rounds,
            || drop(black_box(order::Order::from_json(&json))),
            || {
                drop(black_box(serde_json::from_slice::<derived::Order>(&json)));
            },
        );
        row(
            &format!("encode {file}"),
            rounds,
            || drop(black_box(ours.to_json())),
            || {
                drop(black_box(serde_json::to_string(&theirs)));
            },
        );
    }
}

#[expect(clippy::print_stdout, reason = "a benchmark prints its table")]
fn row(name: &str, rounds: usize, mut ours: impl FnMut(), mut theirs: impl FnMut()) {
    let (mut best_ours, mut best_theirs) = (f64::MAX, f64::MAX);
    for _ in 0..9 {
        best_ours = best_ours.min(time(rounds, &mut ours));
        best_theirs = best_theirs.min(time(rounds, &mut theirs));
    }
    println!("{name:24} {best_ours:12.2} {best_theirs:12.2} {:5.2}x", best_ours / best_theirs);
}

/// Microseconds of one call.
fn time(rounds: usize, call: &mut impl FnMut()) -> f64 {
    let start = Instant::now();
    (0..rounds).for_each(|_| call());
    start.elapsed().as_secs_f64() * 1e6 / rounds as f64
}
