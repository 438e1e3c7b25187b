//! Converts any bytes to an `api.json`: with few names, so that they often resolve, and mostly following the rules.

use serde_json::{Map, Value, json};

const TYPES: [&str; 9] = ["a", "b_c", "dE", "f", "g", "order", "string_value", "r#f", "type"];
const FIELDS: [&str; 9] = ["id", "name", "kind", "x", "Y_z", "type", "self", "value", "discriminator"];
const VALUES: [&str; 6] = ["one", "two", "Three", "self", "four_five", "six"];
const PRIMITIVES: [&str; 12] = [
    "string", "long", "integer", "boolean", "double", "decimal", "uuid", "date-iso8601", "date-time-iso8601", "object",
    "json", "unit",
];
const METHODS: [&str; 9] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "get"];
const PATHS: [&str; 8] = ["", "/:id", "/x", "/:id/:name", "/x/:id.json", "/:kind/x", "/:a/:b/:c", "x/:id"];
const CODES: [&str; 8] = ["200", "201", "204", "404", "409", "422", "500", "default"];
const TEXTS: [&str; 6] = ["", "text", " \n# h\n```\nx\n```", "*/ \" \\ {{x}}", "é🦀\u{202e}", "[a](b) `c`"];
const DEFAULTS: [&str; 9] = ["\"x\"", "1", "true", "[]", "{}", "\"one\"", "1.50", "null", "\"2020-01-01\""];

/// Returns the document for these bytes.
pub fn document(bytes: &[u8]) -> String {
    let mut source = Source { bytes, at: 0 };
    let mut maker = Maker { discriminator: source.one_in(2), inline: !source.one_in(3), ..Maker::default() };
    maker.document(&mut source).to_string()
}

/// Bytes, followed by endless zeros.
struct Source<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Source<'_> {
    fn below(&mut self, limit: usize) -> usize {
        let byte = self.bytes.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        usize::from(byte) % limit.max(1)
    }

    /// Returns true rarely for a large limit, and never after the end of the bytes.
    fn one_in(&mut self, limit: usize) -> bool {
        self.below(limit) == limit - 1
    }

    fn pick<'t>(&mut self, from: &[&'t str]) -> &'t str {
        from[self.below(from.len())]
    }

    /// Returns some neighbours in a list, treated as a ring.
    fn some<'t>(&mut self, from: &[&'t str], most: usize) -> Vec<&'t str> {
        let (start, count) = (self.below(from.len()), self.below(most.min(from.len()) + 1));
        (0..count).map(|i| from[(start + i) % from.len()]).collect()
    }
}

#[derive(Default)]
struct Maker {
    enums: Vec<String>,
    models: Vec<String>,
    unions: Vec<String>,
    interfaces: Map<String, Value>,
    templates: bool,
    discriminator: bool,
    inline: bool,
    made: usize,
    depth: usize,
}

impl Maker {
    fn document(&mut self, s: &mut Source<'_>) -> Value {
        let mut interfaces = Vec::new();
        for name in TYPES.iter().take(1 + s.below(7)) {
            match s.below(5) {
                0 => self.enums.push((*name).to_owned()),
                1 => self.unions.push((*name).to_owned()),
                2 => interfaces.push(*name),
                _ => self.models.push((*name).to_owned()),
            }
        }
        self.templates = s.one_in(3);
        for name in interfaces {
            let fields = self.fields(s);
            self.interfaces.insert(name.to_owned(), json!({ "fields": fields }));
        }
        let enums = Map::from_iter(self.enums.clone().into_iter().map(|name| (name, self.enumeration(s))));
        let models = Map::from_iter(self.models.clone().into_iter().map(|name| (name, self.model(s))));
        let mut unions = Map::new();
        for (index, name) in self.unions.clone().into_iter().enumerate() {
            unions.insert(name, self.union(s, index));
        }
        let mut resources = Map::new();
        for name in self.models.clone().iter().chain(&self.enums.clone()).chain(&self.unions.clone()) {
            if s.one_in(2) {
                resources.insert(name.clone(), self.resource(s));
            }
        }
        let mut document = json!({ "name": "Fuzz", "enums": enums, "models": models, "unions": unions,
            "interfaces": self.interfaces, "resources": resources, "annotations": { "pii": {}, "internal": {} } });
        if self.templates {
            document["templates"] = json!({ "models": { "tpl": { "fields": self.fields(s) }, "more": {
                "templates": [{ "name": "tpl" }], "fields": self.fields(s) } }, "resources": { "tpl": self.resource(s) } });
        }
        match s.below(6) {
            1 => document["base_url"] = "https://example.com".into(),
            2 => document["namespace"] = "io.fuzz".into(),
            3 => document["headers"] = json!([{ "name": "X-A", "type": "string", "required": s.one_in(2) }]),
            4 => document["info"] = json!({ "contact": { "name": s.pick(&TEXTS) } }),
            _ => {}
        }
        document
    }

    fn enumeration(&mut self, s: &mut Source<'_>) -> Value {
        let mut names = s.some(&VALUES, 5);
        names.extend(names.is_empty().then_some("only"));
        let values = names.into_iter().map(|name| match s.below(4) {
            1 => {
                let value = format!("{name} {}", s.pick(&TEXTS));
                self.decorated(s, json!({ "name": name, "value": value }))
            }
            _ => json!({ "name": name }),
        });
        let values: Vec<Value> = values.collect();
        self.decorated(s, json!({ "values": values }))
    }

    fn model(&mut self, s: &mut Source<'_>) -> Value {
        let mut fields = self.fields(s);
        let mut model = json!({});
        if s.one_in(3) && !self.interfaces.is_empty() {
            let at = s.below(self.interfaces.len());
            let (name, interface) = self.interfaces.iter().nth(at).expect("below the length");
            let promised = interface["fields"].as_array().cloned().unwrap_or_default();
            fields.retain(|field| !promised.iter().any(|other| other["name"] == field["name"]));
            // An inline type is declared once.
            if !promised.iter().any(|field| field["type"].is_object()) {
                fields.extend(promised);
                model["interfaces"] = json!([name]);
            }
        }
        model["fields"] = fields.into();
        if self.templates && s.one_in(3) {
            model["templates"] = json!([{ "name": s.pick(&["tpl", "more"]) }]);
        }
        self.decorated(s, model)
    }

    fn fields(&mut self, s: &mut Source<'_>) -> Vec<Value> {
        let names = s.some(&FIELDS, 5);
        names.into_iter().map(|name| self.field(s, name)).collect()
    }

    fn field(&mut self, s: &mut Source<'_>, name: &str) -> Value {
        let ty = self.ty(s);
        let mut field = json!({ "name": name, "type": ty });
        match s.below(7) {
            1 | 2 => field["required"] = false.into(),
            3 => {
                let fitting = self.fitting(ty.as_str().unwrap_or_default());
                let any = || serde_json::from_str(DEFAULTS[0]).unwrap_or_default();
                field["default"] = if s.one_in(30) { any() } else { fitting.unwrap_or(Value::Null) };
                if field["default"].is_null() {
                    field.as_object_mut().expect("made above").remove("default");
                }
            }
            4 => field["minimum"] = s.below(3).into(),
            5 => (field["minimum"], field["maximum"]) = (0.into(), (1 + s.below(9)).into()),
            6 => field["annotations"] = json!([s.pick(&["pii", "internal"])]),
            _ => {}
        }
        self.decorated(s, field)
    }

    /// Returns a default of this type.
    fn fitting(&self, ty: &str) -> Option<Value> {
        Some(match ty {
            "string" => "x".into(),
            "long" | "integer" | "double" | "decimal" => 1.into(),
            "boolean" => true.into(),
            "json" | "object" => json!({ "a": [1.50, null] }),
            "uuid" => "6513270e-269e-4d37-b2a7-4de452e6b438".into(),
            "date-iso8601" | "date-time-iso8601" => "2020-02-29".into(),
            _ if ty.starts_with('[') => json!([]),
            _ if ty.starts_with("map[") => json!({}),
            _ => return None,
        })
    }

    /// Returns the text of a type, or an inline type.
    fn ty(&mut self, s: &mut Source<'_>) -> Value {
        if self.inline && self.depth < 3 && s.one_in(12) {
            return self.inline_type(s);
        }
        let base = self.base(s);
        Value::from(match s.below(10) {
            6 | 7 => format!("[{base}]"),
            8 => format!("map[{base}]"),
            9 => format!("[map[{base}]]"),
            _ => base,
        })
    }

    fn base(&mut self, s: &mut Source<'_>) -> String {
        if s.one_in(200) {
            return "missing".to_owned();
        }
        let declared: Vec<&String> = self.enums.iter().chain(&self.models).chain(&self.unions).collect();
        match s.below(2) {
            1 if !declared.is_empty() => declared[s.below(declared.len())].clone(),
            _ => s.pick(&PRIMITIVES).to_owned(),
        }
    }

    fn inline_type(&mut self, s: &mut Source<'_>) -> Value {
        self.made += 1;
        self.depth += 1;
        let name = format!("inline_{}", self.made);
        let inline = match s.below(4) {
            1 => json!({ "enum": name, "values": [{ "name": "one" }] }),
            2 => json!({ "model": format!("[{name}]"), "fields": self.fields(s) }),
            3 => json!({ "union": name, "types": [{ "type": "uuid" }] }),
            _ => json!({ "model": name, "fields": self.fields(s) }),
        };
        self.depth -= 1;
        inline
    }

    /// Returns a union of models, primitives and earlier unions.
    fn union(&mut self, s: &mut Source<'_>, index: usize) -> Value {
        let before: Vec<&str> = self.unions[..index].iter().map(String::as_str).collect();
        let models: Vec<&str> = self.models.iter().map(String::as_str).collect();
        let mut members: Vec<&str> = if models.is_empty() { Vec::new() } else { s.some(&models, 4) };
        members.extend(before.last().filter(|_| s.one_in(4)));
        members.extend(s.one_in(3).then(|| PRIMITIVES[s.below(11)]));
        members.extend(members.is_empty().then_some("string"));
        let mut types: Vec<Value> = members.into_iter().map(|ty| json!({ "type": ty })).collect();
        if s.one_in(8) {
            self.made += 1;
            types.push(json!({ "type": format!("auto_{}", self.made), "fields": self.fields(s) }));
        }
        if s.one_in(20) {
            types[0]["discriminator_value"] = "other".into();
        }
        let mut union = json!({ "types": types });
        if self.discriminator {
            union["discriminator"] = "tag".into();
            if s.one_in(4) {
                union["types"][0]["default"] = true.into();
            }
        }
        self.decorated(s, union)
    }

    fn resource(&mut self, s: &mut Source<'_>) -> Value {
        let operations: Vec<Value> = (0..=s.below(4)).map(|_| self.operation(s)).collect();
        let mut resource = json!({ "operations": operations });
        match s.below(4) {
            1 => resource["path"] = "".into(),
            2 => resource["path"] = "/p/:id".into(),
            _ => {}
        }
        self.decorated(s, resource)
    }

    fn operation(&mut self, s: &mut Source<'_>) -> Value {
        let method = s.pick(&METHODS);
        let path = if s.one_in(20) { PATHS[7] } else { s.pick(&PATHS[..7]) };
        let mut operation = json!({ "method": method, "path": path });
        let parameters: Vec<Value> = s.some(&FIELDS, 3).into_iter().map(|name| self.parameter(s, name)).collect();
        operation["parameters"] = parameters.into();
        if !method.eq_ignore_ascii_case("get") && s.one_in(2) {
            operation["body"] = json!({ "type": self.ty(s) });
        }
        let mut responses = Map::new();
        let success = self.base(s);
        for code in s.some(&CODES, 4) {
            let ty = match code {
                "204" => "unit".to_owned(),
                "200" | "201" if s.one_in(3) => format!("[{success}]"),
                "200" | "201" => success.clone(),
                _ => self.base(s),
            };
            let headers = json!([{ "name": "X-B", "type": "string" }]);
            let response = json!({ "type": ty, "headers": if s.one_in(5) { headers } else { json!([]) } });
            responses.insert(code.to_owned(), response);
        }
        operation["responses"] = responses.into();
        self.decorated(s, operation)
    }

    fn parameter(&mut self, s: &mut Source<'_>, name: &str) -> Value {
        let plain = PRIMITIVES[s.below(9)].to_owned();
        let ty = match s.below(5) {
            1 => format!("[{plain}]"),
            2 => self.enums.first().cloned().unwrap_or(plain),
            3 if s.one_in(8) => self.base(s),
            _ => plain,
        };
        // Most lists are not allowed in a path.
        let ty = if name == "id" || name == "name" || name == "kind" { ty.replace(['[', ']'], "") } else { ty };
        let mut parameter = json!({ "name": name, "type": ty });
        match s.below(6) {
            1 => parameter["location"] = s.pick(&["query", "header", "form", "Query"]).into(),
            2 => parameter["required"] = (!s.one_in(2)).into(),
            3 => parameter["default"] = self.fitting(&ty).unwrap_or_else(|| "one".into()),
            4 => parameter["minimum"] = 0.into(),
            _ => {}
        }
        if parameter["required"] == false && parameter.get("default").is_some() {
            parameter["required"] = true.into();
        }
        parameter
    }

    /// Sometimes adds a description, a deprecation or attributes.
    fn decorated(&self, s: &mut Source<'_>, mut object: Value) -> Value {
        match s.below(12) {
            9 => object["description"] = s.pick(&TEXTS).into(),
            10 => object["deprecation"] = json!({ "description": s.pick(&TEXTS) }),
            11 => object["attributes"] = json!([{ "name": "hint", "value": { "a": 1.50, "b": s.pick(&TEXTS) } }]),
            _ => {}
        }
        object
    }
}
