//! Valid JSON for the types of any model, in which values of hidden fields begin with `canary`.

use apigen_model::api::{Api, Field, Primitive, Type};

pub struct Values<'a> {
    pub api: &'a Api,
    /// Returns true for names of hidden fields.
    pub hidden: &'a dyn Fn(&str) -> bool,
    pub random: u64,
}

type Limits = (Option<i64>, Option<i64>);

impl Values<'_> {
    fn below(&mut self, end: usize) -> usize {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) as usize % end.max(1)
    }

    /// Returns `None` for what this cannot make: deep recursion, unions of unions, extreme limits.
    pub fn json(&mut self, ty: &Type, limits: Limits, hidden: bool, depth: usize) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        let quoted = |text: &str| serde_json::to_string(text).unwrap();
        Some(match ty {
            Type::Primitive(primitive) => self.primitive(*primitive, limits, hidden)?,
            Type::Enum(id) => {
                let count = self.api.enums[*id].values.len();
                quoted(&self.api.enums[*id].values[self.below(count)].wire)
            }
            Type::List(inner) => {
                let items = (0..size(limits, 2)?).map(|_| self.json(inner, (None, None), hidden, depth));
                format!("[{}]", items.collect::<Option<Vec<_>>>()?.join(","))
            }
            Type::Map(inner) => {
                let key = |index| if hidden { format!("canary-{index}") } else { format!("marker-{index}") };
                let entry = |values: &mut Self, index| {
                    Some(format!("{}:{}", quoted(&key(index)), values.json(inner, (None, None), hidden, depth)?))
                };
                let entries = (0..size(limits, 2)?).map(|index| entry(self, index));
                format!("{{{}}}", entries.collect::<Option<Vec<_>>>()?.join(","))
            }
            Type::Model(id) => format!("{{{}}}", self.fields(&self.api.models[*id].fields, hidden, depth)?.join(",")),
            Type::Union(id) => {
                let union = &self.api.unions[*id];
                let member = &union.members[self.below(union.members.len())];
                let (value, name) = (&member.discriminator_value, union.discriminator.as_ref());
                let tag = name.map(|name| format!("{}:{}", quoted(name), quoted(value)));
                match (&member.ty, tag) {
                    (Type::Union(_), _) => return None,
                    (Type::Model(id), Some(tag)) => {
                        let mut fields = self.fields(&self.api.models[*id].fields, hidden, depth)?;
                        fields.insert(self.below(fields.len() + 1), tag);
                        format!("{{{}}}", fields.join(","))
                    }
                    (ty, Some(tag)) => format!("{{{tag},\"value\":{}}}", self.json(ty, (None, None), hidden, depth)?),
                    (ty @ Type::Primitive(_), None) => {
                        format!("{{{}:{{\"value\":{}}}}}", quoted(value), self.json(ty, (None, None), hidden, depth)?)
                    }
                    (ty, None) => format!("{{{}:{}}}", quoted(value), self.json(ty, (None, None), hidden, depth)?),
                }
            }
        })
    }

    fn fields(&mut self, fields: &[Field], hidden: bool, depth: usize) -> Option<Vec<String>> {
        let mut written = Vec::new();
        for field in fields {
            let hidden = hidden || (self.hidden)(&field.name);
            match self.json(&field.ty, (field.minimum, field.maximum), hidden, depth) {
                Some(json) => written.push(format!("\"{}\":{json}", field.name)),
                None if field.required => return None,
                None => {}
            }
        }
        Some(written)
    }

    fn primitive(&mut self, primitive: Primitive, (min, max): Limits, hidden: bool) -> Option<String> {
        let number = |value: i64| value.max(min.unwrap_or(i64::MIN)).min(max.unwrap_or(i64::MAX));
        Some(match primitive {
            Primitive::Boolean => "true".to_owned(),
            Primitive::Integer | Primitive::Long => number(self.below(100_000) as i64).to_string(),
            Primitive::Double | Primitive::Decimal => format!("{}.0", number(self.below(1000) as i64)),
            Primitive::String => {
                let word = if hidden { "canary" } else { "marker" };
                let text = format!("{word} of {}", self.below(1000));
                let length = size((min, max), text.len())?;
                format!("\"{}\"", text.chars().chain(std::iter::repeat('x')).take(length).collect::<String>())
            }
            Primitive::Uuid => format!("\"6513270e-269e-4d37-b2a7-{:012}\"", self.below(1_000_000)),
            Primitive::Date => format!("\"2026-03-{:02}\"", 1 + self.below(28)),
            Primitive::DateTime => format!("\"2026-03-04T05:06:{:02}.120Z\"", self.below(60)),
            Primitive::Object | Primitive::Json => format!("{{\"marker\":[{},null]}}", self.below(1000)),
            Primitive::Unit => "null".to_owned(),
        })
    }
}

/// Returns a size within limits, this one if possible.
fn size((min, max): Limits, wanted: usize) -> Option<usize> {
    let limit = |limit: Option<i64>, other: usize| limit.map_or(Some(other), |limit| usize::try_from(limit).ok());
    let size = wanted.max(limit(min, 0)?).min(limit(max, usize::MAX)?);
    (size <= 300).then_some(size)
}
