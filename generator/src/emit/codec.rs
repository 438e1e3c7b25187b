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
    imports(&mut out, items);
    items.structs.iter().for_each(|s| out.model(s));
    items.enums.iter().for_each(|e| out.enumeration(e));
    items.unions.iter().for_each(|u| out.union(u));
    let structs = items.structs.iter().map(|s| &s.path);
    let paths = structs.chain(items.enums.iter().map(|e| &e.path)).chain(items.unions.iter().map(|u| &u.path));
    let paths: Vec<String> = paths.map(|path| out.code(path, 0)).collect();
    out.line(format_args!("::apigen_runtime::codegen::serde_bridge! {}", enclosed("{ ", &paths, " }", 0, 60)));
    Some(out)
}

fn imports(text: &mut Text, items: &Items) {
    let fields = || items.structs.iter().flat_map(|s| &s.fields);
    let used = [
        ("EnumTable", !items.enums.is_empty()),
        ("Field", fields().next().is_some()),
        ("FromJson", true),
        ("SensitiveField", fields().any(|f| f.sensitive)),
        ("Reader", true),
        ("ToJson", true),
        ("ToParam", !items.enums.is_empty()),
        ("UnionTable", !items.unions.is_empty()),
        ("Writer", true),
        ("opt", fields().any(|f| !f.required)),
        ("req", fields().any(|f| f.required)),
    ];
    used.iter().filter(|(_, used)| *used).for_each(|(name, _)| text.import(CODEC, name));
}

/// Returns a name for a local variable that no field has.
fn local(s: &Struct, base: &str) -> String {
    let mut name = base.to_owned();
    while s.fields.iter().any(|field| field.name.as_str() == name) {
        name.push('_');
    }
    name
}

/// The two impls of each kind of type.
impl Text {
    fn model(&mut self, s: &Struct) {
        let path = self.code(&s.path, 0);
        self.read_model(s, &path);
        self.line(format_args!("impl ToJson for {path} {{\n    fn write(&self, w: &mut Writer) {{"));
        match s.fields.is_empty() {
            true => self.line(format_args!("        w.object(&[]);")),
            false => {
                self.line(format_args!("        w.object(&["));
                for field in &s.fields {
                    let (wire, name) = (&field.wire, &field.name);
                    match field.sensitive {
                        false => self.line(format_args!("            ({wire:?}, &self.{name}),")),
                        true => {
                            let limits = limits(field);
                            self.line(format_args!(
                                "            ({wire:?}, &SensitiveField::new(&self.{name}){limits}),"
                            ));
                        }
                    }
                }
                self.line(format_args!("        ]);"));
            }
        }
        self.line(format_args!("    }}\n}}\n"));
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
        match s.fields.is_empty() {
            true => self.line(format_args!("        Some(Self {{}})")),
            false => {
                self.line(format_args!("        Some(Self {{"));
                s.fields.iter().for_each(|field| self.value(field));
                self.line(format_args!("        }})"));
            }
        }
        self.line(format_args!("    }}\n}}\n"));
    }

    fn value(&mut self, field: &Field) {
        let name = &field.name;
        match &field.absent {
            Absent::None => self.line(format_args!("            {name},")),
            Absent::Missing => self.line(format_args!("            {name}: {name}?,")),
            Absent::Default(fallback) => {
                let value = self.code(format_args!("{name}{fallback}"), 4);
                self.line(format_args!("            {name}: {value},"));
            }
        }
    }

    fn read_fields(&mut self, s: &Struct, r: &str, object: &str) {
        self.line(format_args!("        const FIELDS: &[Field] = &["));
        for field in &s.fields {
            let row = row(field);
            self.line(format_args!("            {row},"));
        }
        self.line(format_args!("        ];"));
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

    fn enumeration(&mut self, e: &Enum) {
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

/// Formats `req("name").min(1)`.
fn row(field: &Field) -> String {
    let kind = if field.required { "req" } else { "opt" };
    let nullable = if field.nullable { ".nullable()" } else { "" };
    let sensitive = if field.sensitive { ".sensitive()" } else { "" };
    format!("{kind}({:?}){}{nullable}{sensitive}", field.wire, limits(field))
}

/// Formats `.min(1).max(100)`.
fn limits(field: &Field) -> String {
    expression::limits(field.minimum, field.maximum)
}
