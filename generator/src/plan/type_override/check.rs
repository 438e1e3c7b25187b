//! Whether the text of options is the Rust that it should be.

use syn::parse::Parser;
use syn::{Attribute, Path, TypePath};

use super::{Change, Choice};
use crate::fault::Fault;

/// Everything that cannot be used, each with its option, its text and what to write.
pub fn faults(choices: &[Choice]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for choice in choices {
        let ((option, text), pattern) = (choice.option(), &choice.pattern);
        if pattern.split('.').any(|part| part.trim() != part || part.is_empty()) {
            let help = "write the name as in the spec, for example `user`, `models.user` or `models.user*`";
            faults.push(Fault::new("E050", option, pattern, format!("`{pattern}` is no pattern of types"), help));
        }
        let outcome = match &choice.change {
            Change::Derive(text) => derive(text),
            Change::Attribute(text) => attribute(text),
            Change::Replace(text) => replacement(text),
        };
        if let Err((what, help)) = outcome {
            let message = format!("pattern[{pattern}]: `{text}` {what}");
            faults.push(Fault::new("E050", option, text, message, help).of_value(pattern));
        }
    }
    faults
}

/// What is wrong, and what to do.
type Outcome = Result<(), (String, String)>;

fn refuse(what: impl Into<String>, help: impl Into<String>) -> Outcome {
    Err((what.into(), help.into()))
}

fn derive(text: &str) -> Outcome {
    let Ok(path) = Path::parse_mod_style.parse_str(text) else {
        return refuse(
            "is not the path of a derive macro",
            "write one path for each option, for example `Hash` or `::my_crate::Table`",
        );
    };
    match last(&path).as_str() {
        "Serialize" | "Deserialize" => refuse(
            "is implemented already",
            "every generated type implements serde's traits, by the JSON that the spec describes; leave this derive out",
        ),
        _ => Ok(()),
    }
}

fn attribute(text: &str) -> Outcome {
    let attributes = match Attribute::parse_outer.parse_str(text) {
        Ok(attributes) if !attributes.is_empty() => attributes,
        Ok(_) => return refuse("is no attribute", "write it with its brackets, for example `#[non_exhaustive]`"),
        Err(error) => {
            return refuse(
                format!("is no attribute: {error}"),
                "write it with its brackets, for example `#[non_exhaustive]`",
            );
        }
    };
    for attribute in &attributes {
        match last(attribute.path()).as_str() {
            "derive" => {
                return refuse("derives", "give each derive to the option `derive`, so that none is derived twice");
            }
            "cfg" => {
                return refuse("is a condition", "what belongs to the type has none; put the condition on the module");
            }
            "serde" => {
                return refuse(
                    "is for serde's derives",
                    "generated types implement serde's traits without them; leave it out",
                );
            }
            _ => {}
        }
    }
    Ok(())
}

fn replacement(text: &str) -> Outcome {
    let Ok(ty) = syn::parse_str::<TypePath>(text) else {
        return refuse("is not the path of a type", "write for example `::money::Price`");
    };
    let absolute = ty.path.leading_colon.is_some() || ty.path.segments.first().is_some_and(|s| s.ident == "crate");
    if ty.qself.is_some() || !absolute {
        let help =
            "generated modules may stand anywhere: begin with the crate, as in `::money::Price` or `crate::Price`";
        return refuse("can mean different types at different places", help);
    }
    Ok(())
}

/// Whether a text is the path of a module.
pub fn is_path(text: &str) -> bool {
    Path::parse_mod_style.parse_str(text).is_ok()
}

fn last(path: &Path) -> String {
    path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_rust_or_refused_with_advice() {
        let fine = [
            Change::Derive("Hash".to_owned()),
            Change::Derive("::a::b::C".to_owned()),
            Change::Attribute("#[non_exhaustive]".to_owned()),
            Change::Attribute("#[cfg_attr(feature = \"x\", derive(A))] #[doc(alias = \"y\")]".to_owned()),
            Change::Replace("::money::Price<::money::Eur>".to_owned()),
            Change::Replace("crate::Price".to_owned()),
        ];
        for change in fine {
            let choice = Choice { pattern: "models.*".to_owned(), change };
            assert_eq!(faults(std::slice::from_ref(&choice)), [], "{choice:?}");
        }
        let wrong = [
            ("a", Change::Derive("Hash, Eq".to_owned()), "one path for each"),
            ("a", Change::Derive("Hash)] struct X; #[derive(Eq".to_owned()), "one path for each"),
            ("a", Change::Derive(String::new()), "one path for each"),
            ("a", Change::Derive("serde::Serialize".to_owned()), "leave this derive out"),
            ("a", Change::Attribute("non_exhaustive".to_owned()), "with its brackets"),
            ("a", Change::Attribute("#![allow(x)]".to_owned()), "with its brackets"),
            ("a", Change::Attribute("#[a] struct X;".to_owned()), "with its brackets"),
            ("a", Change::Attribute(String::new()), "with its brackets"),
            ("a", Change::Attribute("#[derive(Hash)]".to_owned()), "option `derive`"),
            ("a", Change::Attribute("#[serde(untagged)]".to_owned()), "leave it out"),
            ("a", Change::Attribute("#[cfg(test)]".to_owned()), "on the module"),
            ("a", Change::Replace("money::Price".to_owned()), "begin with the crate"),
            ("a", Change::Replace("<X as Y>::Price".to_owned()), "begin with the crate"),
            ("a", Change::Replace("[u8]".to_owned()), "::money::Price"),
            ("a", Change::Replace("\u{0}\"".to_owned()), "::money::Price"),
            ("", Change::Derive("Hash".to_owned()), "as in the spec"),
            ("models.", Change::Derive("Hash".to_owned()), "as in the spec"),
        ];
        for (pattern, change, advice) in wrong {
            let choice = Choice { pattern: pattern.to_owned(), change };
            let faults = faults(std::slice::from_ref(&choice));
            let told = |fault: &Fault| fault.code == "E050" && fault.help.contains(advice);
            assert!(faults.iter().any(told), "{faults:?}");
        }
    }
}
