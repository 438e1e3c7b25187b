//! CPU seconds and memory of `apigen check` for the largest real document, and for 4 and 16 times as many declarations:
//! `APIGEN_CORPUS=… cargo bench --bench check`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure ends the run")]

mod common;

use std::collections::HashSet;
use std::fs;
use std::process::Command;

use common::{corpus, cpu, median, peak, scratch};
use serde_json::Value;

#[expect(clippy::print_stdout, reason = "a benchmark prints its table")]
fn main() {
    let Some(corpus) = corpus() else {
        println!("skipped: APIGEN_CORPUS names no folder of API Builder documents");
        return;
    };
    let text = fs::read_to_string(corpus.join("specs/flow-api-0.7.78.service.json")).unwrap();
    println!("{:>6} {:>8} {:>8} {:>10}", "times", "MB", "CPU s", "peak MB");
    for times in [1, 4, 16] {
        let document = match times {
            1 => text.clone(),
            _ => repeated(&text, times),
        };
        let path = scratch("check").join(format!("{times}.service.json"));
        fs::write(&path, &document).unwrap();
        let command = || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_apigen"));
            command.arg("check").arg(&path).arg("--imports").arg(corpus.join("specs/imports.json"));
            command
        };
        // CPU time is counted in hundredths of a second, so ten runs are one measurement.
        let ten = || (0..10).map(|_| cpu(&mut command())).sum::<f64>() / 10.0;
        let seconds = median((0..3).map(|_| ten()).collect());
        println!("{times:>6} {:>8.1} {seconds:>8.3} {:>10}", document.len() as f64 / 1e6, peak(command()));
    }
}

/// Returns the document with its declarations `times` times, each time under other names.
fn repeated(text: &str, times: usize) -> String {
    let original: Value = serde_json::from_str(text).unwrap();
    let names: HashSet<&str> = ["enums", "interfaces", "models", "unions"]
        .iter()
        .filter_map(|section| original[section].as_array())
        .flatten()
        .filter_map(|declaration| declaration["name"].as_str())
        .collect();
    let mut all = original.clone();
    for copy in 1..times {
        for section in ["enums", "interfaces", "models", "unions", "resources"] {
            let Some(declarations) = original[section].as_array() else { continue };
            let renamed = declarations.iter().map(|declaration| {
                let mut declaration = declaration.clone();
                rename(&mut declaration, &names, copy);
                declaration
            });
            let renamed: Vec<Value> = renamed.collect();
            all[section].as_array_mut().unwrap().extend(renamed);
        }
    }
    format!("{all:#}")
}

fn rename(value: &mut Value, names: &HashSet<&str>, copy: usize) {
    match value {
        Value::String(text) => {
            let base = text.trim_start_matches("map").trim_matches(['[', ']']);
            if names.contains(base) {
                *text = text.replace(base, &format!("{base}_copy{copy}"));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, names, copy)),
        Value::Object(members) => {
            // Prose and names of fields are left alone.
            let of_declaration = members.contains_key("plural");
            for (key, item) in members {
                if matches!(key.as_str(), "description" | "discriminator" | "discriminator_value")
                    || (key == "name" && !of_declaration)
                {
                    continue;
                }
                match item {
                    Value::String(plural) if key == "plural" => *plural = format!("{plural}_copy{copy}"),
                    Value::String(path) if key == "path" => {
                        *path = format!("/copy{copy}/{}", path.trim_start_matches('/'))
                    }
                    _ => rename(item, names, copy),
                }
            }
        }
        _ => {}
    }
}
