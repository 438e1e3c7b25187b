//! How models, enums and unions are read from and written to JSON.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use crate::rust::plan::{Absent, Enum, Field, Items, Member, Struct, Union, Wire};

/// The file of a service's codec: imports, then two impls per type, then the bridge to serde.
pub fn codec(items: &Items) -> Vec<TokenStream> {
    if items.structs.is_empty() && items.enums.is_empty() && items.unions.is_empty() {
        return Vec::new();
    }
    let mut tokens = vec![imports(items)];
    tokens.extend(items.structs.iter().flat_map(|s| [read_model(s), write_model(s)]));
    tokens.extend(items.enums.iter().flat_map(|e| [read_enum(e), write_enum(e), enum_parameter(e)]));
    tokens.extend(items.unions.iter().flat_map(|u| [read_union(u), write_union(u)]));
    let structs = items.structs.iter().map(|s| &s.path);
    let paths = structs.chain(items.enums.iter().map(|e| &e.path)).chain(items.unions.iter().map(|u| &u.path));
    tokens.push(quote!(::apigen_runtime::serde_bridge! { #(#paths),* }));
    tokens
}

fn imports(items: &Items) -> TokenStream {
    let fields = || items.structs.iter().flat_map(|s| &s.fields);
    let used = [
        ("EnumTable", !items.enums.is_empty()),
        ("Field", fields().next().is_some()),
        ("FromJson", true),
        ("Hidden", fields().any(|f| f.secret)),
        ("Reader", true),
        ("ToJson", true),
        ("UnionTable", !items.unions.is_empty()),
        ("Writer", true),
        ("opt", fields().any(|f| !f.required)),
        ("req", fields().any(|f| f.required)),
    ];
    let names = used.iter().filter(|(_, used)| *used).map(|(name, _)| format_ident!("{name}"));
    quote!(use ::apigen_runtime::codec::{#(#names),*};)
}

/// A name for a local variable that no field has.
fn local(s: &Struct, base: &str) -> Ident {
    let mut name = base.to_owned();
    while s.fields.iter().any(|field| field.name.as_str() == name) {
        name.push('_');
    }
    format_ident!("{name}")
}

fn read_model(s: &Struct) -> TokenStream {
    let (path, r, object, spec_name) = (&s.path, local(s, "r"), local(s, "object"), &s.spec_name);
    let values = s.fields.iter().map(|field| {
        let name = &field.name;
        match &field.absent {
            Absent::None => quote!(#name),
            Absent::Missing => quote!(#name: #name?),
            Absent::Default(fallback) => quote!(#name: #name #fallback),
        }
    });
    let body = if s.fields.is_empty() {
        quote! {
            let mut #object = #r.model(#spec_name, &[])?;
            while #r.next(&mut #object).is_some() {}
        }
    } else {
        read_fields(s, &r, &object)
    };
    quote! {
        impl FromJson for #path {
            fn read(#r: &mut Reader<'_>) -> Option<Self> {
                #body
                #r.end(#object)?;
                Some(Self { #(#values),* })
            }
        }
    }
}

fn read_fields(s: &Struct, r: &Ident, object: &Ident) -> TokenStream {
    let spec_name = &s.spec_name;
    let rows = s.fields.iter().map(row);
    let names: Vec<_> = s.fields.iter().map(|field| &field.name).collect();
    let loop_ = if let [only] = names.as_slice() {
        quote!(while #r.next(&mut #object).is_some() { #only = #r.get(); })
    } else {
        let field = local(s, "field");
        let last = names.len() - 1;
        let arms = names.iter().enumerate().map(|(index, name)| {
            let pattern = Literal::usize_unsuffixed(index);
            let pattern = if index == last { quote!(_) } else { quote!(#pattern) };
            quote!(#pattern => #name = #r.get())
        });
        quote!(while let Some(#field) = #r.next(&mut #object) { match #field { #(#arms,)* } })
    };
    quote! {
        const FIELDS: &[Field] = &[#(#rows),*];
        #(let mut #names = None;)*
        let mut #object = #r.model(#spec_name, FIELDS)?;
        #loop_
    }
}

/// `req("name").min(1)`
fn row(field: &Field) -> TokenStream {
    let (wire, kind) = (&field.wire, if field.required { quote!(req) } else { quote!(opt) });
    let (min, max) = (limit("min", field.minimum), limit("max", field.maximum));
    let nullable = field.nullable.then(|| quote!(.nullable()));
    let secret = field.secret.then(|| quote!(.secret()));
    quote!(#kind(#wire) #min #max #nullable #secret)
}

/// `.min(1)`
fn limit(name: &str, value: Option<i64>) -> Option<TokenStream> {
    value.map(|value| {
        let (name, value) = (format_ident!("{name}"), crate::rust::integer(value));
        quote!(.#name(#value))
    })
}

fn write_model(s: &Struct) -> TokenStream {
    let path = &s.path;
    let entries = s.fields.iter().map(|field| {
        let (wire, name) = (&field.wire, &field.name);
        if !field.secret {
            return quote!((#wire, &self.#name));
        }
        let (min, max) = (limit("min", field.minimum), limit("max", field.maximum));
        quote!((#wire, &Hidden::new(&self.#name) #min #max))
    });
    quote! {
        impl ToJson for #path {
            fn write(&self, w: &mut Writer) {
                w.object(&[#(#entries),*]);
            }
        }
    }
}

fn read_enum(e: &Enum) -> TokenStream {
    let (path, unknown, spec_name) = (&e.path, &e.unknown, &e.spec_name);
    let values = e.values.iter().map(|value| {
        let (name, wire) = (&value.spec_name, &value.wire);
        quote!((#name, #wire))
    });
    quote! {
        impl FromJson for #path {
            fn read(r: &mut Reader<'_>) -> Option<Self> {
                static TABLE: EnumTable = EnumTable::new(#spec_name, &[#(#values),*]);
                match r.enumeration(&TABLE)? {
                    Ok(index) => Self::ALL.get(index).cloned(),
                    Err(text) => Some(Self::#unknown(text)),
                }
            }
        }
    }
}

fn write_enum(e: &Enum) -> TokenStream {
    let path = &e.path;
    quote! {
        impl ToJson for #path {
            fn write(&self, w: &mut Writer) {
                w.string(self.as_str());
            }
        }
    }
}

fn enum_parameter(e: &Enum) -> TokenStream {
    let path = &e.path;
    quote! {
        impl ::apigen_runtime::ToParam for #path {
            fn values(&self, out: &mut dyn FnMut(&str)) {
                out(self.as_str());
            }
        }
    }
}

fn read_union(u: &Union) -> TokenStream {
    let (path, unknown, spec_name) = (&u.path, &u.unknown, &u.spec_name);
    let tags = u.tags.iter().map(|(value, arm)| {
        let arm = Literal::usize_unsuffixed(*arm);
        quote!((#value, #arm))
    });
    let table = match &u.discriminator {
        Some(discriminator) => quote!(UnionTable::tagged(#spec_name, #discriminator, &[#(#tags),*])),
        None => quote!(UnionTable::keyed(#spec_name, &[#(#tags),*])),
    };
    let default = u.default.map(|arm| {
        let arm = Literal::usize_unsuffixed(arm);
        quote!(.default(#arm))
    });
    let arms = u.members.iter().enumerate().map(|(arm, member)| read_arm(arm, member));
    let wrapped = u.members.iter().enumerate().filter(|(_, m)| m.wire == Wire::Nested && u.discriminator.is_none());
    let wrapped = wrapped.map(|(arm, member)| {
        let (arm, name) = (Literal::usize_unsuffixed(u.members.len() + arm), &member.name);
        quote!(#arm => r.get_keyed().map(Self::#name))
    });
    quote! {
        impl FromJson for #path {
            fn read(r: &mut Reader<'_>) -> Option<Self> {
                static TABLE: UnionTable = #table #default;
                match r.union(&TABLE)? {
                    #(#arms,)*
                    #(#wrapped,)*
                    _ => r.unknown().map(Self::#unknown),
                }
            }
        }
    }
}

fn read_arm(arm: usize, member: &Member) -> TokenStream {
    let (arm, name) = (Literal::usize_unsuffixed(arm), &member.name);
    let get = match member.wire {
        Wire::Tagged | Wire::Nested => quote!(get),
        Wire::TaggedValue => quote!(get_value),
        Wire::Keyed => quote!(get_keyed),
        Wire::KeyedValue => quote!(get_keyed_value),
    };
    quote!(#arm => r.#get().map(Self::#name))
}

fn write_union(u: &Union) -> TokenStream {
    let (path, unknown, discriminator) = (&u.path, &u.unknown, u.discriminator.as_deref().unwrap_or_default());
    let arms = u.members.iter().map(|member| {
        let (name, value) = (&member.name, &member.value);
        let write = match member.wire {
            Wire::Tagged => quote!(w.tagged(#discriminator, #value, member)),
            Wire::TaggedValue => quote!(w.tagged_value(#discriminator, #value, member)),
            Wire::Keyed => quote!(w.keyed(#value, member)),
            Wire::KeyedValue => quote!(w.keyed_value(#value, member)),
            Wire::Nested => quote!(member.write(w)),
        };
        quote!(Self::#name(member) => #write)
    });
    quote! {
        impl ToJson for #path {
            fn write(&self, w: &mut Writer) {
                match self {
                    #(#arms,)*
                    Self::#unknown(member) => w.unknown(member),
                }
            }
        }
    }
}
