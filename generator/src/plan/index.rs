//! The index of operations: the first page of a crate's documentation.

use super::docs::{cell, code_cell};
use super::items::{Operation, Resource};

/// Returns a heading and a table for each resource, with a link to each operation; `root` is the path of the traits,
/// ending with `::`.
pub fn index(resources: &[Resource], root: &str) -> Vec<String> {
    if resources.is_empty() {
        return Vec::new();
    }
    let sections = resources.iter().flat_map(|resource| section(resource, root));
    std::iter::once("# Operations".to_owned()).chain(sections).collect()
}

fn section(resource: &Resource, root: &str) -> Vec<String> {
    let (api, accessor) = (resource.api.as_str(), &resource.accessor);
    let mut lines = vec![String::new(), format!("## `{api}`"), String::new()];
    if !resource.summary.is_empty() {
        lines.extend([cell(&resource.summary), String::new()]);
    }
    lines.extend([format!("| [`client.{accessor}()`]({root}{api}) | | |"), "|---|---|---|".to_owned()]);
    lines.extend(resource.operations.iter().map(|operation| row(operation, &format!("{root}{api}"))));
    lines
}

fn row(operation: &Operation, api: &str) -> String {
    let (method, link) = (&operation.method, operation.method.as_str());
    let route = code_cell(&format!("{} {}", operation.http_method, operation.path));
    let deprecated = if operation.attributes.deprecated.is_some() { "Deprecated. " } else { "" };
    let attributes = format!("{deprecated}{}", cell(&operation.summary));
    format!("| [`{method}`]({api}::{link}) | {route} | {} |", attributes.trim()).replace("|  |", "| |")
}
