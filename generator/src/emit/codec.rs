//! Reading and writing models, enums and unions as JSON.

use super::expression;
use super::text::{Text, WIDTH, enclosed};
use crate::plan::items::{Absent, Enum, Field, Items, Member, Struct, Union, Wire};

const CODEC: &str = "::apigen_runtime::codegen::";

/// Emits the codec of some types: two impls per type, then the bridge to serde. `None` if there are no types.
pub fn codec(items: &Items) -> Option<Text> {
    if items.structs.is_empty() && items.enums.is_empty() && items.unions.is_empty() {
        return None;
    }
    let mut out = Text::default();
    for name in ["FromJson", "Reader", "ToJson", "Writer"] {
        out.import(CODEC, name);
    }
    items.structs.iter().for_each(|s| out.model(s));
    items.enums.iter().for_each(|e| out.enumeration(e));
    items.unions.iter().for_each(|u| out.union(u));
    let structs = items.structs.iter().map(|s| &s.path);
    let paths = structs.chain(items.enums.iter().map(|e| &e.path)).chain(items.unions.iter().map(|u| &u.path));
    let paths: Vec<String> = paths.map(|path| out.code(path, 0)).collect();
    out.line(format_args!("::apigen_runtime::codegen::serde_bridge! {}", enclosed("{ ", &paths, " }", 0, 60)));
    Some(out)
}

/// Returns a name for a local variable that no field has.
fn local(s: &Struct, base: &str) -> String {
    let mut name = base.to_owned();
    while s.fields.iter().any(|field| field.name.as_str() == name) {
        name.push('_');
    }
    name
}

impl Text {
    fn model(&mut self, s: &Struct) {
        let path = self.code(&s.path, 0);
        self.read_model(s, &path);
        self.line(format_args!("impl ToJson for {path} {{\n    fn write(&self, w: &mut Writer) {{"));
        let rows: Vec<String> = s.fields.iter().map(|field| self.written(field)).collect();
        self.rows("w.object(&[", &rows, "]);");
        self.line(format_args!("    }}\n}}\n"));
    }

    fn written(&mut self, field: &Field) -> String {
        let (wire, name) = (&field.wire, &field.name);
        if !field.sensitive {
            return format!("({wire:?}, &self.{name})");
        }
        self.import(CODEC, "SensitiveField");
        format!("({wire:?}, &SensitiveField::new(&self.{name}){})", limits(field))
    }

    fn read_model(&mut self, s: &Struct, path: &str) {
        let (r, object, spec_name) = (local(s, "r"), local(s, "object"), &s.spec_name);
        self.line(format_args!("impl FromJson for {path} {{\n    fn read({r}: &mut Reader<'_>) -> Option<Self> {{"));
        if s.fields.is_empty() {
            self.line(format_args!("        let mut {object} = {r}.model({spec_name:?}, &[])?;"));
            self.line(format_args!("        while {r}.next(&mut {object}).is_some() {{}}"));
        } else {
            self.read_fields(s, &r, &object);
        }
        self.line(format_args!("        {r}.end({object})?;"));
        let values: Vec<String> = s.fields.iter().map(|field| self.value(field)).collect();
        self.rows("Some(Self {", &values, "})");
        self.line(format_args!("    }}\n}}\n"));
    }

    fn value(&mut self, field: &Field) -> String {
        let name = &field.name;
        match &field.absent {
            Absent::None => name.to_string(),
            Absent::Missing => format!("{name}: {name}?"),
            Absent::Default(fallback) => format!("{name}: {}", self.code(format_args!("{name}{fallback}"), 4)),
        }
    }

    fn read_fields(&mut self, s: &Struct, r: &str, object: &str) {
        self.import(CODEC, "Field");
        let rows: Vec<String> = s.fields.iter().map(|field| self.row(field)).collect();
        self.rows("const FIELDS: &[Field] = &[", &rows, "];");
        for field in &s.fields {
            self.line(format_args!("        let mut {} = None;", field.name));
        }
        self.line(format_args!("        let mut {object} = {r}.model({:?}, FIELDS)?;", s.spec_name));
        if let [only] = s.fields.as_slice() {
            self.line(format_args!("        while {r}.next(&mut {object}).is_some() {{"));
            self.line(format_args!("            {} = {r}.get();", only.name));
        } else {
            let field = local(s, "field");
            self.line(format_args!("        while let Some({field}) = {r}.next(&mut {object}) {{"));
            self.line(format_args!("            match {field} {{"));
            for (index, Field { name, .. }) in s.fields.iter().enumerate() {
                match index + 1 == s.fields.len() {
                    false => self.line(format_args!("                {index} => {name} = {r}.get(),")),
                    true => self.line(format_args!("                _ => {name} = {r}.get(),")),
                }
            }
            self.line(format_args!("            }}"));
        }
        self.line(format_args!("        }}"));
    }

    /// Formats `req("name").min(1)`.
    fn row(&mut self, field: &Field) -> String {
        let kind = if field.required { "req" } else { "opt" };
        let nullable = if field.nullable { ".nullable()" } else { "" };
        let sensitive = if field.sensitive { ".sensitive()" } else { "" };
        self.import(CODEC, kind);
        format!("{kind}({:?}){}{nullable}{sensitive}", field.wire, limits(field))
    }

    fn enumeration(&mut self, e: &Enum) {
        self.import(CODEC, "EnumTable");
        self.import(CODEC, "ToParam");
        let (path, unknown, spec_name) = (self.code(&e.path, 0), &e.unknown, &e.spec_name);
        let values = e.values.iter().map(|value| format!("({:?}, {:?})", value.spec_name, value.wire));
        let taken = r#"        static TABLE: EnumTable = EnumTable::new("", &[]);"#.len() + spec_name.len();
        let values = enclosed("[", &values.collect::<Vec<_>>(), "]", 2, WIDTH.saturating_sub(taken));
        self.line(format_args!("impl FromJson for {path} {{\n    fn read(r: &mut Reader<'_>) -> Option<Self> {{"));
        self.line(format_args!("        static TABLE: EnumTable = EnumTable::new({spec_name:?}, &{values});"));
        self.line(format_args!("        match r.enumeration(&TABLE)? {{"));
        self.line(format_args!("            Ok(index) => Self::ALL.get(index).cloned(),"));
        self.line(format_args!("            Err(text) => Some(Self::{unknown}(text)),"));
        self.line(format_args!("        }}\n    }}\n}}\n"));
        self.line(format_args!("impl ToJson for {path} {{\n    fn write(&self, w: &mut Writer) {{"));
        self.line(format_args!("        w.string(self.as_str());\n    }}\n}}\n"));
        self.line(format_args!("impl ToParam for {path} {{\n    fn values(&self, out: &mut dyn FnMut(&str)) {{"));
        self.line(format_args!("        out(self.as_str());\n    }}\n}}\n"));
    }

    fn union(&mut self, u: &Union) {
        let path = self.code(&u.path, 0);
        self.read_union(u, &path);
        let discriminator = u.discriminator.as_deref().unwrap_or_default();
        self.line(format_args!("impl ToJson for {path} {{\n    fn write(&self, w: &mut Writer) {{"));
        self.line(format_args!("        match self {{"));
        for Member { name, value, wire, .. } in &u.members {
            let write = match wire {
                Wire::Tagged => format!("w.tagged({discriminator:?}, {value:?}, member)"),
                Wire::TaggedValue => format!("w.tagged_value({discriminator:?}, {value:?}, member)"),
                Wire::Keyed => format!("w.keyed({value:?}, member)"),
                Wire::KeyedValue => format!("w.keyed_value({value:?}, member)"),
                Wire::Nested => "member.write(w)".to_owned(),
            };
            self.arm(&format!("Self::{name}(member)"), &write);
        }
        self.arm(&format!("Self::{}(member)", u.unknown), "w.unknown(member)");
        self.line(format_args!("        }}\n    }}\n}}\n"));
    }

    /// Writes an arm that returns nothing.
    fn arm(&mut self, pattern: &str, value: &str) {
        let line = format!("            {pattern} => {value},");
        if line.len() <= WIDTH {
            self.line(format_args!("{line}"));
        } else {
            self.line(format_args!("            {pattern} => {{\n                {value};\n            }}"));
        }
    }

    fn read_union(&mut self, u: &Union, path: &str) {
        self.import(CODEC, "UnionTable");
        let tags: Vec<String> = u.tags.iter().map(|(value, arm)| format!("({value:?}, {arm})")).collect();
        let head = match &u.discriminator {
            Some(discriminator) => format!("UnionTable::tagged({:?}, {discriminator:?}, ", u.spec_name),
            None => format!("UnionTable::keyed({:?}, ", u.spec_name),
        };
        let default = u.default.map(|arm| format!(".default({arm})")).unwrap_or_default();
        let taken = "        static TABLE: UnionTable = &[]);".len() + head.len() + default.len();
        let tags = enclosed("[", &tags, "]", 2, WIDTH.saturating_sub(taken));
        let table = format!("{head}&{tags}){default}");
        self.line(format_args!("impl FromJson for {path} {{\n    fn read(r: &mut Reader<'_>) -> Option<Self> {{"));
        self.line(format_args!("        static TABLE: UnionTable = {table};"));
        self.line(format_args!("        match r.union(&TABLE)? {{"));
        for (arm, Member { name, wire, .. }) in u.members.iter().enumerate() {
            let get = match wire {
                Wire::Tagged | Wire::Nested => "get",
                Wire::TaggedValue => "get_value",
                Wire::Keyed => "get_keyed",
                Wire::KeyedValue => "get_keyed_value",
            };
            self.line(format_args!("            Some({arm}) => r.{get}().map(Self::{name}),"));
        }
        let wrapped = u.members.iter().enumerate().filter(|(_, m)| m.wire == Wire::Nested && u.discriminator.is_none());
        for (arm, Member { name, .. }) in wrapped {
            let arm = u.members.len() + arm;
            self.line(format_args!("            Some({arm}) => r.get_keyed().map(Self::{name}),"));
        }
        self.line(format_args!("            _ => r.unknown().map(Self::{}),", u.unknown));
        self.line(format_args!("        }}\n    }}\n}}\n"));
    }
}

/// Formats `.min(1).max(100)`.
fn limits(field: &Field) -> String {
    expression::limits(field.minimum, field.maximum)
}
