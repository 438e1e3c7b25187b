//! Factories: samples for tests.

use std::fmt::{Display, Formatter};

use super::expression::limits;
use super::text::{Text, WIDTH, enclosed};
use crate::plan::items::{EnumFactory, Expression, Factories, ModelFactory, Sampled, Setter, UnionFactory};
use apigen_model::behaviour::TypeSample;

const CODEGEN: &str = "::apigen_runtime::codegen::";

/// Emits the factories of some types; `None` if there are none.
pub fn factories(f: &Factories) -> Option<Text> {
    if f.is_empty() {
        return None;
    }
    let mut out = Text::default();
    f.models.iter().for_each(|factory| out.model_factory(factory));
    f.unions.iter().for_each(|factory| out.union_factory(factory));
    if !f.enums.is_empty() {
        out.enum_factories(&f.enums);
    }
    Some(out)
}

/// An expression, using a sampler `s`.
impl Display for Sampled {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let (minimum, maximum, value, pointer, optional) = match self {
            Self::Fixed(value) => return value.fmt(f),
            Self::Optional(value) => return write!(f, "s.some({value})"),
            Self::Generated { minimum, maximum, value, pointer, optional } => {
                (minimum, maximum, value, pointer, optional)
            }
        };
        let generated = match value.is_seeded() {
            true => format!("s{}{}", limits(*minimum, *maximum), call(value)),
            false => sample(value),
        };
        let held = pointer.as_ref().map_or(generated.clone(), |path| format!("{path}::new({generated})"));
        match (optional, value.is_seeded()) {
            (false, _) => f.write_str(&held),
            (true, true) => write!(f, "s.maybe(|s| {held})"),
            (true, false) => write!(f, "s.some({held})"),
        }
    }
}

/// Returns an expression that generates a value, using a sampler `s` if the seed matters.
fn sample(value: &TypeSample) -> String {
    match value {
        TypeSample::Foreign => Expression::Empty.to_string(),
        TypeSample::EmptyList => "Vec::new()".to_owned(),
        TypeSample::EmptyMap => "::std::collections::BTreeMap::new()".to_owned(),
        seeded => format!("s{}", call(seeded)),
    }
}

/// Returns the call of the sampler that generates a value.
fn call(value: &TypeSample) -> String {
    match value {
        TypeSample::List(inner) if inner.is_seeded() => format!(".list(|s| {})", sample(inner)),
        TypeSample::List(inner) => format!(".list(|_| {})", sample(inner)),
        TypeSample::Map(inner) => format!(".list(|s| (s.get(), {})).into_iter().collect()", sample(inner)),
        _ => ".get()".to_owned(),
    }
}

impl Text {
    /// Writes the head of an `impl Sample`.
    fn sample(&mut self, path: &str, seeded: bool) {
        self.import(CODEGEN, "Sample");
        self.import(CODEGEN, "Sampler");
        let sampler = if seeded { "s" } else { "_" };
        self.line(format_args!("impl Sample for {path} {{\n    fn sample({sampler}: &mut Sampler) -> Self {{"));
    }

    fn model_factory(&mut self, f: &ModelFactory) {
        let path = self.code(&f.path, 0);
        self.sample(&path, f.seeded);
        let values = f.values.iter().map(|(name, value)| format!("{name}: {}", self.code(value, 4)));
        let values: Vec<String> = values.collect();
        self.rows("Self {", &values, "}");
        self.line(format_args!("    }}\n}}\n"));
        let setters: Vec<String> =
            f.setters.iter().map(|Setter { name, ty, .. }| format!("{name}: {}", self.code(ty, 0))).collect();
        let renamed = f.renamed.iter();
        let renamed: Vec<String> =
            renamed.map(|Setter { name, field, ty }| format!("{name} sets {field}: {}", self.code(ty, 0))).collect();
        self.line(format_args!("::apigen_runtime::codegen::factory! {{"));
        let head = format!("    {} of {path} ", f.name);
        let setters = enclosed("{ ", &setters, " }", 1, WIDTH.saturating_sub(head.len() + 2));
        let renamed =
            if renamed.is_empty() { String::new() } else { format!(" {}", enclosed("{ ", &renamed, " }", 1, 50)) };
        self.line(format_args!("{head}{setters}{renamed}"));
        self.line(format_args!("}}\n"));
    }

    fn union_factory(&mut self, f: &UnionFactory) {
        let path = self.code(&f.path, 0);
        self.sample(&path, f.seeded);
        let arms: Vec<String> = f
            .choices
            .iter()
            .map(|choice| format!("Self::{}({})", choice.variant, self.code(sample(&choice.value), 4)))
            .collect();
        match arms.as_slice() {
            [] => {}
            [only] => self.line(format_args!("        {only}")),
            [first @ .., last] => {
                let arms = first.iter().enumerate().map(|(index, arm)| format!("{index} => {arm}"));
                let arms: Vec<String> = arms.chain([format!("_ => {last}")]).collect();
                self.rows(&format!("match s.member(0, {}) {{", f.smallest), &arms, "}");
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

    fn enum_factories(&mut self, all: &[EnumFactory]) {
        let rows: Vec<String> = all.iter().map(|e| format!("{} = {}", self.code(&e.path, 0), e.first)).collect();
        self.line(format_args!("::apigen_runtime::codegen::enum_factories! {}", enclosed("{ ", &rows, " }", 0, 60)));
    }
}
