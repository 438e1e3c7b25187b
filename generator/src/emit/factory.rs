//! Factories: samples for tests.

use std::fmt::Write as _;

use super::text::{Text, WIDTH, enclosed};
use crate::plan::items::{EnumFactory, Factories, ModelFactory, Setter, UnionFactory};

const CODEGEN: &str = "::apigen_runtime::codegen::";

/// Emits the factories of some types; `None` if there are none.
pub fn factories(f: &Factories) -> Option<Text> {
    if f.is_empty() {
        return None;
    }
    let mut out = Writer(Text::default());
    f.models.iter().for_each(|factory| out.model(factory));
    f.unions.iter().for_each(|factory| out.union(factory));
    if !f.enums.is_empty() {
        out.enums(&f.enums);
    }
    Some(out.0)
}

struct Writer(Text);

impl Writer {
    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a string never fails.
        let _ = writeln!(self.0, "{line}");
    }

    /// Writes the head of an `impl Sample`.
    fn sample(&mut self, path: &str, seeded: bool) {
        self.0.import(CODEGEN, "Sample");
        self.0.import(CODEGEN, "Sampler");
        let sampler = if seeded { "s" } else { "_" };
        self.line(format_args!("impl Sample for {path} {{"));
        self.line(format_args!("    fn sample({sampler}: &mut Sampler) -> Self {{"));
    }

    fn model(&mut self, f: &ModelFactory) {
        let path = self.0.tokens(&f.path, 0);
        self.sample(&path, f.seeded);
        match f.values.is_empty() {
            true => self.line(format_args!("        Self {{}}")),
            false => {
                self.line(format_args!("        Self {{"));
                for (name, value) in &f.values {
                    let value = self.0.tokens(value, 4);
                    self.line(format_args!("            {name}: {value},"));
                }
                self.line(format_args!("        }}"));
            }
        }
        self.line(format_args!("    }}\n}}\n"));
        let setters: Vec<String> =
            f.setters.iter().map(|Setter { name, ty, .. }| format!("{name}: {}", self.0.tokens(ty, 0))).collect();
        let renamed = f.renamed.iter();
        let renamed: Vec<String> = renamed
            .map(|Setter { name, field, ty }| format!("{name} sets {field}: {}", self.0.tokens(ty, 0)))
            .collect();
        self.line(format_args!("::apigen_runtime::codegen::factory! {{"));
        let head = format!("    {} of {path} ", f.name);
        let setters = enclosed("{ ", &setters, " }", 1, WIDTH.saturating_sub(head.len() + 2));
        let renamed =
            if renamed.is_empty() { String::new() } else { format!(" {}", enclosed("{ ", &renamed, " }", 1, 50)) };
        self.line(format_args!("{head}{setters}{renamed}"));
        self.line(format_args!("}}\n"));
    }

    fn union(&mut self, f: &UnionFactory) {
        let path = self.0.tokens(&f.path, 0);
        self.sample(&path, f.seeded);
        let arms: Vec<String> = f
            .choices
            .iter()
            .map(|choice| format!("Self::{}({})", choice.variant, self.0.tokens(&choice.value, 4)))
            .collect();
        match arms.as_slice() {
            [] => {}
            [only] => self.line(format_args!("        {only}")),
            _ => {
                self.line(format_args!("        match s.member(0, {}) {{", f.smallest));
                for (index, arm) in arms.iter().enumerate() {
                    match index + 1 == arms.len() {
                        false => self.line(format_args!("            {index} => {arm},")),
                        true => self.line(format_args!("            _ => {arm},")),
                    }
                }
                self.line(format_args!("        }}"));
            }
        }
        self.line(format_args!("    }}\n}}\n"));
        let choices = f.choices.iter().enumerate().map(|(index, choice)| format!("{} = {index}", choice.method));
        let head = format!("    {} of {path} ", f.name);
        let choices = enclosed("{ ", &choices.collect::<Vec<_>>(), " }", 1, WIDTH.saturating_sub(head.len() + 2));
        self.line(format_args!("::apigen_runtime::codegen::union_factory! {{"));
        self.line(format_args!("{head}{choices}"));
        self.line(format_args!("}}\n"));
    }

    fn enums(&mut self, all: &[EnumFactory]) {
        let rows: Vec<String> = all.iter().map(|e| format!("{} = {}", self.0.tokens(&e.path, 0), e.first)).collect();
        self.line(format_args!("::apigen_runtime::codegen::enum_factories! {}", enclosed("{ ", &rows, " }", 0, 60)));
    }
}
