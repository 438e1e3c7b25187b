//! Checks that option texts are the Rust that they should be.

use syn::parse::Parser;
use syn::{Attribute, Path, TypePath};

use super::{TypeChange, TypeOverride};
use crate::option_error::OptionError;

/// Returns everything that cannot be used, each with its option, its text and what to write.
pub fn errors(choices: &[TypeOverride]) -> Vec<OptionError> {
    let mut errors = Vec::new();
    for choice in choices {
        let ((option, text), pattern) = (choice.option(), &choice.pattern);
        if pattern.split('.').any(|part| part.trim() != part || part.is_empty()) {
            let help = "write the name as in the spec, for example `user`, `models.user` or `models.user*`";
            let message = format!("`{pattern}` is not a valid pattern of types");
            errors.push(OptionError::new("E050", option, pattern, message, help));
        }
        let outcome = match &choice.change {
            TypeChange::Derive(text) => derive(text),
            TypeChange::Attribute(text) => attribute(text),
            TypeChange::Replace(text) => replacement(text),
        };
        if let Err((what, help)) = outcome {
            let message = format!("pattern[{pattern}]: `{text}` {what}");
            errors.push(OptionError::new("E050", option, text, message, help).of_value(pattern));
        }
    }
    errors
}

/// `Err` has the problem and how to fix it.
type Verdict = Result<(), (String, String)>;

fn refuse(what: impl Into<String>, help: impl Into<String>) -> Verdict {
    Err((what.into(), help.into()))
}

fn derive(text: &str) -> Verdict {
    let Ok(path) = Path::parse_mod_style.parse_str(text) else {
        let help = "write one path for each option, for example `Hash` or `::my_crate::Table`";
        return refuse("is not the path of a derive macro", help);
    };
    let help =
        "every generated type implements serde's traits for the JSON that the spec describes; remove this derive";
    match last(&path).as_str() {
        "Serialize" | "Deserialize" => refuse("is already implemented", help),
        _ => Ok(()),
    }
}

fn attribute(text: &str) -> Verdict {
    let help = "write it with its brackets, for example `#[non_exhaustive]`";
    let attributes = match Attribute::parse_outer.parse_str(text) {
        Ok(attributes) if attributes.is_empty() => return refuse("is not an attribute", help),
        Ok(attributes) => attributes,
        Err(error) => return refuse(format!("is not an attribute: {error}"), help),
    };
    for attribute in &attributes {
        let (what, help) = match last(attribute.path()).as_str() {
            "derive" => ("derives", "use the option `derive`, so that no trait is derived twice"),
            "cfg" => {
                ("is a condition", "the implementations of the type would have no condition; put it on the module")
            }
            "serde" => ("is for serde's derives", "generated types implement serde's traits without them; remove it"),
            _ => continue,
        };
        return refuse(what, help);
    }
    Ok(())
}

fn replacement(text: &str) -> Verdict {
    let Ok(ty) = syn::parse_str::<TypePath>(text) else {
        return refuse("is not the path of a type", "write for example `::money::Price`");
    };
    let absolute = ty.path.leading_colon.is_some() || ty.path.segments.first().is_some_and(|s| s.ident == "crate");
    if ty.qself.is_some() || !absolute {
        let help = "generated modules may be anywhere: begin with the crate, as in `::money::Price` or `crate::Price`";
        return refuse("can refer to different types in different modules", help);
    }
    Ok(())
}

/// Returns true if a text is the path of a module.
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
            TypeChange::Derive("Hash".to_owned()),
            TypeChange::Derive("::a::b::C".to_owned()),
            TypeChange::Attribute("#[non_exhaustive]".to_owned()),
            TypeChange::Attribute("#[cfg_attr(feature = \"x\", derive(A))] #[doc(alias = \"y\")]".to_owned()),
            TypeChange::Replace("::money::Price<::money::Eur>".to_owned()),
            TypeChange::Replace("crate::Price".to_owned()),
        ];
        for change in fine {
            let choice = TypeOverride { pattern: "models.*".to_owned(), change };
            assert_eq!(errors(std::slice::from_ref(&choice)), [], "{choice:?}");
        }
        let wrong = [
            ("a", TypeChange::Derive("Hash, Eq".to_owned()), "one path for each"),
            ("a", TypeChange::Derive("Hash)] struct X; #[derive(Eq".to_owned()), "one path for each"),
            ("a", TypeChange::Derive(String::new()), "one path for each"),
            ("a", TypeChange::Derive("serde::Serialize".to_owned()), "remove this derive"),
            ("a", TypeChange::Attribute("non_exhaustive".to_owned()), "with its brackets"),
            ("a", TypeChange::Attribute("#![allow(x)]".to_owned()), "with its brackets"),
            ("a", TypeChange::Attribute("#[a] struct X;".to_owned()), "with its brackets"),
            ("a", TypeChange::Attribute(String::new()), "with its brackets"),
            ("a", TypeChange::Attribute("#[derive(Hash)]".to_owned()), "option `derive`"),
            ("a", TypeChange::Attribute("#[serde(untagged)]".to_owned()), "remove it"),
            ("a", TypeChange::Attribute("#[cfg(test)]".to_owned()), "on the module"),
            ("a", TypeChange::Replace("money::Price".to_owned()), "begin with the crate"),
            ("a", TypeChange::Replace("<X as Y>::Price".to_owned()), "begin with the crate"),
            ("a", TypeChange::Replace("[u8]".to_owned()), "::money::Price"),
            ("a", TypeChange::Replace("\u{0}\"".to_owned()), "::money::Price"),
            ("", TypeChange::Derive("Hash".to_owned()), "as in the spec"),
            ("models.", TypeChange::Derive("Hash".to_owned()), "as in the spec"),
        ];
        for (pattern, change, advice) in wrong {
            let choice = TypeOverride { pattern: pattern.to_owned(), change };
            let errors = errors(std::slice::from_ref(&choice));
            let told = |error: &OptionError| error.code == "E050" && error.help.contains(advice);
            assert!(errors.iter().any(told), "{errors:?}");
        }
    }
}
