//! The dynamic validator against the generated one: the same result and the same places for factory values and for
//! mutants of them; and values that break a rule of the spec are refused.

use crate::common::Describe;
use std::collections::BTreeMap;
use std::path::Path;

use apigen_build::{Config, Generated};
use apigen_runtime::Mode;
use apigen_runtime::validate::schema::Schema;
use serde_json::{Value, json};

/// Writes texts and the generated validator's results, one JSON object for each text.
pub const SAMPLES: &str = r#"
/// A small generator of numbers (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below.max(1) as u64) as usize
    }
}

/// Changes one value somewhere inside.
fn mutate(value: &mut serde_json::Value, dice: &mut Dice) {
    use serde_json::{Value, json};
    let inside = dice.roll(4) > 0;
    match value {
        Value::Object(fields) if inside && !fields.is_empty() => {
            let key = fields.keys().nth(dice.roll(fields.len())).unwrap().clone();
            match dice.roll(5) {
                0 => drop(fields.remove(&key)),
                1 => drop(fields.insert(format!("{key}_"), json!(1))),
                _ => mutate(&mut fields[&key], dice),
            }
        }
        Value::Array(items) if inside && !items.is_empty() => {
            let index = dice.roll(items.len());
            match dice.roll(5) {
                0 => drop(items.remove(index)),
                1 => items.push(items[index].clone()),
                _ => mutate(&mut items[index], dice),
            }
        }
        _ => {
            *value = match dice.roll(12) {
                0 => Value::Null,
                1 => json!(true),
                2 => json!(""),
                3 => json!("no such value"),
                4 => json!("x".repeat(3000)),
                5 => json!(-1),
                6 => json!(12_345_678_901_i64),
                7 => json!(1.5),
                8 => json!([value.clone()]),
                9 => json!({ "value": value.clone() }),
                10 => json!([]),
                _ => json!(value.to_string()),
            }
        }
    }
}

fn told<T: FromJson>(json: &str, mode: &apigen_runtime::Mode) -> Vec<String> {
    let violations = T::from_json_with(json, mode).err();
    violations.iter().flatten().map(|v| format!("{} {} {}", v.pointer, v.code, v.message)).collect()
}

fn samples<T: Sample + FromJson + ToJson + 'static>(name: &str) {
    let mut dice = Dice(name.bytes().fold(88_172_645_463_325_252, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(1_099_511_628_211)));
    for seed in 0..3 {
        for factory in [Factory::<T>::new().minimal(), Factory::new().full()] {
            let json = factory.seed(seed).build().to_json();
            let mut texts = vec![json.clone()];
            for _ in 0..6 {
                let mut value: serde_json::Value = serde_json::from_str(&json).unwrap();
                (0..1 + dice.roll(3)).for_each(|_| mutate(&mut value, &mut dice));
                texts.push(value.to_string());
            }
            for (number, text) in texts.iter().enumerate() {
                let [strict, coerce] = [apigen_runtime::Mode::strict(), apigen_runtime::Mode::coerce()];
                let (strict, coerce) = (told::<T>(text, &strict), told::<T>(text, &coerce));
                println!("{}", serde_json::json!({ "type": name, "valid": number == 0, "json": text, "strict": strict, "coerce": coerce }));
            }
        }
    }
}
"#;

/// The documents of one program, by the name of their module.
#[derive(Default)]
pub struct Twins(BTreeMap<String, Twin>);

struct Twin {
    schema: Schema,
    /// The models of the document as in `service.json`, by name.
    models: BTreeMap<String, Value>,
    /// The names in the spec of the types at the root of the module.
    types: BTreeMap<String, String>,
}

impl Twins {
    pub fn add(&mut self, name: &str, config: &Config, generated: &Generated, made: &[String]) {
        let service: Value = serde_json::from_str(&config.normalize().unwrap().0).unwrap();
        let models = service["models"].as_array().into_iter().flatten();
        let models = models.map(|model| (model["name"].as_str().unwrap().to_owned(), model.clone())).collect();
        let text = generated.files.by_path.get(Path::new("json.rs")).map_or("", String::as_str);
        let mut types = names(text);
        // Not all have a factory.
        types.retain(|name, _| made.contains(name));
        self.0.insert(name.to_owned(), Twin { schema: config.schema().unwrap(), models, types });
    }

    /// Iterates over the types to sample, with their module.
    pub fn types(&self) -> impl Iterator<Item = String> {
        self.0.iter().flat_map(|(module, twin)| twin.types.keys().map(move |name| format!("{module}::{name}")))
    }

    /// Compares all samples; returns the numbers of samples, refused mutants, and broken rules.
    pub fn compare(&self, lines: &str) -> [usize; 3] {
        let mut counts = [0; 3];
        for line in lines.lines().filter(|line| line.starts_with('{')) {
            let sample: Value = serde_json::from_str(line).unwrap();
            let (module, name) = sample["type"].as_str().unwrap().split_once("::").unwrap();
            let (twin, json) = (&self.0[module], sample["json"].as_str().unwrap());
            let own = &twin.types[name];
            let ty = twin.schema.find(own).unwrap();
            for (mode, wanted) in [(Mode::strict(), &sample["strict"]), (Mode::coerce(), &sample["coerce"])] {
                let violations = twin.schema.validate(&ty, json, &mode).err();
                let told = violations.iter().flatten().map(|v| format!("{} {} {}", v.pointer, v.code, v.message));
                assert_eq!(told.collect::<Value>(), *wanted, "{module} {own}: {json}");
            }
            // A coerced value is strictly valid, and coercing it again changes nothing.
            if let Ok(coerced) = twin.schema.accept(&ty, json, &Mode::coerce()) {
                let again = [Mode::strict(), Mode::coerce()].map(|mode| twin.schema.accept(&ty, &coerced, &mode));
                assert_eq!(again, [Ok(coerced.clone()), Ok(coerced)], "{module} {own}: {json}");
            }
            counts[0] += 1;
            counts[1] += usize::from(sample["strict"] != json!([]));
            if sample["valid"] == true {
                assert_eq!(sample["strict"], json!([]), "{module} {own}: {json}");
                if let Some(model) = twin.models.get(own) {
                    counts[2] += twin.break_rules(model, &serde_json::from_str(json).unwrap());
                }
            }
        }
        counts
    }
}

impl Twin {
    /// Breaks the rules of a model's fields one by one; each must be refused at its place.
    fn break_rules(&self, model: &Value, valid: &Value) -> usize {
        let mut count = 0;
        for field in model["fields"].as_array().unwrap() {
            let (name, ty) = (field["name"].as_str().unwrap(), field["type"].as_str().unwrap());
            if !valid.as_object().unwrap().contains_key(name) {
                continue;
            }
            // A type without an import is any JSON.
            if self.schema.find(ty).is_err() {
                continue;
            }
            for value in wrong(field, ty, &valid[name]) {
                let mut broken = valid.clone();
                match value {
                    Some(value) => broken[name] = value,
                    None => drop(broken.as_object_mut().unwrap().remove(name)),
                }
                let own = self.schema.find(model["name"].as_str().unwrap()).unwrap();
                let outcome = self.schema.validate(&own, broken.to_string(), &Mode::strict());
                let Err(violations) = outcome else { panic!("accepted, though {field} is broken: {broken}") };
                let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
                assert!(violations.iter().all(|v| v.pointer.starts_with(&pointer)), "{violations}: {broken}");
                count += 1;
            }
        }
        count
    }
}

/// Returns values that break a field's rules; `None` omits the field.
fn wrong(field: &Value, ty: &str, valid: &Value) -> Vec<Option<Value>> {
    let mut wrong = Vec::new();
    if field["required"] == true && ty != "unit" {
        wrong.push(None);
    }
    // Only these types accept a list of empty lists.
    if !matches!(ty, "json" | "unit") && !ty.starts_with("[[") && !ty.starts_with("[json") {
        wrong.push(Some(json!([[]])));
    }
    if let (Some(maximum), Some(_)) = (field["maximum"].as_i64(), valid.as_i64()) {
        wrong.extend(maximum.checked_add(1).map(|value| Some(json!(value))));
    }
    if let (Some(maximum), Some(_), "string") = (field["maximum"].as_u64(), valid.as_str(), ty) {
        wrong.extend((maximum < 10_000).then(|| Some(json!("x".repeat(maximum as usize + 1)))));
    }
    wrong
}

/// Returns the names in the spec of the types in a codec.
fn names(codec: &str) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for part in codec.split("impl FromJson for super::").skip(1) {
        let (rust, body) = part.split_once(' ').unwrap();
        let calls = ["model(", "EnumTable::new(", "UnionTable::tagged(", "UnionTable::keyed("];
        let name = calls.iter().filter_map(|call| body.split_once(call)).min_by_key(|(before, _)| before.len());
        let name = name.and_then(|(_, rest)| rest.split('"').nth(1));
        names.extend(name.map(|name| (rust.to_owned(), name.to_owned())));
    }
    names
}
