//! Unique names of outputs, derived from their specs.

use std::collections::BTreeSet;
use std::path::Path;

/// The folder of an output, and its possible names: the last part, or as many parts as make it unique.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub folder: String,
    /// The parts of the name, the most important one last.
    pub parts: Vec<String>,
}

impl Wanted {
    /// Places the output in `src`, named like the file, or the application of a URI.
    pub fn of_spec(spec: &Path) -> Self {
        let text = spec.to_string_lossy().replace('\\', "/");
        let (place, is_uri) = text.split_once("://").map_or((text.as_str(), false), |(_, place)| (place, true));
        let mut parts: Vec<&str> = place.split('/').filter(|part| !matches!(*part, "" | "." | "..")).collect();
        if is_uri && parts.len() > 3 && parts.last() == Some(&"service.json") {
            // …/organisation/application/version/service.json
            parts.truncate(parts.len() - 2);
        }
        let stem = |part: &str| part.rsplit_once('.').map_or(part, |(stem, _)| stem).to_owned();
        let last = parts.pop().map(|last| if is_uri && !last.contains(".json") { last.to_owned() } else { stem(last) });
        let parts = parts.into_iter().map(str::to_owned).chain(last).collect();
        Self { folder: "src".to_owned(), parts }
    }

    /// Returns the name from the last `parts` parts, or from all.
    pub fn name(&self, parts: usize) -> String {
        snake(&self.parts[self.parts.len().saturating_sub(parts)..].join("_"))
    }

    pub fn out(&self, name: &str) -> String {
        format!("{}/{name}", self.folder)
    }
}

/// Returns a name for each output, so that no two have the same folder.
pub fn names(wanted: &[Wanted]) -> Vec<String> {
    let longest = wanted.iter().map(|wanted| wanted.parts.len()).max().unwrap_or(0);
    let mut sizes = vec![1; wanted.len()];
    let all =
        |sizes: &[usize]| -> Vec<String> { wanted.iter().zip(sizes).map(|(one, size)| one.name(*size)).collect() };
    for _ in 1..longest {
        let outs: Vec<String> =
            wanted.iter().zip(all(&sizes)).map(|(one, name)| one.out(&name).to_lowercase()).collect();
        let is_twice = |out: &String| outs.iter().filter(|other| *other == out).count() > 1;
        sizes.iter_mut().zip(&outs).filter(|(_, out)| is_twice(out)).for_each(|(size, _)| *size += 1);
    }
    let (mut taken, mut names) = (BTreeSet::new(), all(&sizes));
    for (wanted, name) in wanted.iter().zip(&mut names) {
        let plain = name.clone();
        let mut number = 1;
        while !taken.insert(wanted.out(name).to_lowercase()) {
            number += 1;
            *name = format!("{plain}_{number}");
        }
    }
    names
}

/// Returns a name for a folder that is a module.
fn snake(text: &str) -> String {
    let name: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("_{name}") } else { name }
}
