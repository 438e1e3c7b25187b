//! Modules of a crate, and the items of other modules that they name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// The segments of a module's path; empty for the crate itself.
pub type Module = Vec<String>;

/// The modules of a crate, from its sources.
#[derive(Default)]
pub struct Crate {
    modules: BTreeMap<Module, Contents>,
}

/// The contents of one file.
#[derive(Default)]
struct Contents {
    /// Names of items that it defines.
    items: BTreeSet<String>,
    /// The paths of its imports by name, including private ones.
    imports: BTreeMap<String, Path_>,
    /// The paths of its glob imports.
    globs: Vec<Path_>,
    /// The paths that it uses: of private imports, and all others that begin with `crate`, `super`, `self` or a child module.
    uses: Vec<Path_>,
}

type Path_ = Vec<String>;

impl Crate {
    /// Reads the crate with this root file. `read` returns the text of a file, if there is one.
    pub fn read(root: &Path, read: &dyn Fn(&Path) -> Option<String>) -> Crate {
        let mut found = Crate::default();
        found.add(Vec::new(), root, root.parent().unwrap_or(Path::new("")), read);
        found
    }

    /// Adds a module, whose children are in `folder`.
    fn add(&mut self, module: Module, file: &Path, folder: &Path, read: &dyn Fn(&Path) -> Option<String>) {
        let text = read(file).unwrap_or_default();
        let Ok(tokens) = text.parse::<TokenStream>() else { panic!("{} is not Rust", file.display()) };
        let mut scan = Scan::default();
        scan.items(tokens.into_iter().collect());
        self.modules.insert(module.clone(), scan.contents);
        for (name, place) in scan.children {
            let child: Module = module.iter().chain([&name]).cloned().collect();
            let plain = folder.join(format!("{name}.rs"));
            let (file, below) = match place {
                Some(place) => (file.with_file_name(place), folder.join(&name)),
                None if read(&plain).is_some() => (plain, folder.join(&name)),
                None => (folder.join(&name).join("mod.rs"), folder.join(&name)),
            };
            self.add(child, &file, &below, read);
        }
    }

    /// Returns every pair of a module and another one of which it uses an item.
    pub fn edges(&self) -> BTreeSet<(Module, Module)> {
        let mut edges = BTreeSet::new();
        for (module, contents) in &self.modules {
            let uses = contents.uses.iter().filter_map(|path| self.resolve(module, path, 0));
            edges.extend(uses.filter(|used| used != module).map(|used| (module.clone(), used)));
        }
        edges
    }

    /// Returns the module that defines what a path in `module` names, following imports.
    fn resolve(&self, module: &Module, path: &[String], depth: usize) -> Option<Module> {
        let (first, mut rest) = path.split_first()?;
        let mut at = match first.as_str() {
            "crate" => Vec::new(),
            "self" => module.clone(),
            "super" => module.split_last()?.1.to_vec(),
            _ => {
                rest = path;
                module.clone()
            }
        };
        while let Some((name, behind)) = rest.split_first() {
            if name == "super" {
                at.pop()?;
            } else if self.modules.contains_key(&child(&at, name)) {
                at = child(&at, name);
            } else {
                return self.item(&at, name, behind, depth);
            }
            rest = behind;
        }
        Some(at)
    }

    /// Returns the module that defines `name`, which is not a child module of `at`.
    fn item(&self, at: &Module, name: &str, behind: &[String], depth: usize) -> Option<Module> {
        let contents = self.modules.get(at)?;
        if contents.items.contains(name) || depth > 20 {
            return Some(at.clone());
        }
        let further = |path: &Path_, last: Option<&str>| -> Path_ {
            path.iter()
                .map(String::as_str)
                .chain(last)
                .chain(behind.iter().map(String::as_str))
                .map(str::to_owned)
                .collect()
        };
        if let Some(path) = contents.imports.get(name) {
            // Items of other crates are not resolved.
            return self.resolve(at, &further(path, None), depth + 1);
        }
        let knows = |target: &Module| {
            let there = self.modules.get(target)?;
            let known = there.items.contains(name) || there.imports.contains_key(name);
            (known || self.modules.contains_key(&child(target, name))).then_some(())
        };
        contents.globs.iter().find_map(|glob| {
            let target = self.resolve(at, glob, depth + 1)?;
            knows(&target)?;
            self.resolve(at, &further(glob, Some(name)), depth + 1)
        })
    }
}

fn child(module: &Module, name: &str) -> Module {
    module.iter().map(String::as_str).chain([name]).map(str::to_owned).collect()
}

/// Scans the tokens of one file.
#[derive(Default)]
struct Scan {
    contents: Contents,
    /// Child modules in their own files, with the file if an attribute names it.
    children: Vec<(String, Option<PathBuf>)>,
}

const KEYWORDS: [&str; 9] = ["fn", "struct", "enum", "trait", "type", "const", "static", "union", "macro_rules"];

impl Scan {
    fn items(&mut self, tokens: Vec<TokenTree>) {
        let (mut at, mut start) = (0, 0);
        while at < tokens.len() {
            let ends = match &tokens[at] {
                TokenTree::Punct(punct) => punct.as_char() == ';',
                TokenTree::Group(group) => group.delimiter() == Delimiter::Brace && !is_import(&tokens[start..at]),
                _ => false,
            };
            at += 1;
            if ends {
                self.item(&tokens[start..at]);
                start = at;
            }
        }
        self.item(&tokens[start..]);
    }

    fn item(&mut self, tokens: &[TokenTree]) {
        let (attributes, tokens) = attributes(tokens);
        // Tests may use modules above.
        if attributes.iter().any(|text| text.replace(' ', "") == "cfg(test)") {
            return;
        }
        let words: Vec<String> = tokens.iter().take(12).map(ToString::to_string).collect();
        let word = |wanted: &str| words.iter().position(|word| word == wanted);
        if is_import(tokens) {
            let from = word("use").map_or(0, |at| at + 1);
            return self.import(&tokens[from..], from > 1);
        }
        if let (Some(at), Some(TokenTree::Punct(_))) = (word("mod"), tokens.last())
            && let Some(name) = words.get(at + 1)
        {
            let place = attributes.iter().find_map(|text| text.strip_prefix("path = \"")?.strip_suffix('"'));
            return self.children.push((name.clone(), place.map(PathBuf::from)));
        }
        let defined = KEYWORDS.iter().filter_map(|keyword| word(keyword)).min();
        let name = defined.and_then(|at| words[at + 1..].iter().find(|word| *word != "!" && *word != "fn"));
        self.contents.items.extend(name.cloned());
        self.paths(tokens);
    }

    /// Records the tokens after `use`. A re-export counts as a use only for those who name it.
    fn import(&mut self, tokens: &[TokenTree], visible: bool) {
        for (path, name) in tree(tokens, &[]) {
            if name == "*" {
                self.contents.globs.push(path.clone());
            } else {
                self.contents.imports.insert(name, path.clone());
            }
            if !visible {
                self.contents.uses.push(path);
            }
        }
    }

    /// Collects all paths in code.
    fn paths(&mut self, tokens: &[TokenTree]) {
        let mut at = 0;
        while at < tokens.len() {
            if let TokenTree::Group(group) = &tokens[at] {
                self.paths(&group.stream().into_iter().collect::<Vec<_>>());
            }
            let before = |back: usize| match at.checked_sub(back).map(|before| &tokens[before]) {
                Some(TokenTree::Punct(punct)) => Some((punct.as_char(), punct.spacing() == Spacing::Joint)),
                _ => None,
            };
            let continues = matches!((before(2), before(1)), (Some((':', true)), Some((':', _))));
            let begins = !continues && !matches!(before(1), Some(('$', _)));
            let path = path(&tokens[at..]);
            if begins && path.len() > 1 {
                self.contents.uses.push(path.clone());
            }
            at += 1;
        }
    }
}

/// Returns the path that begins here: `a::b::c`.
fn path(tokens: &[TokenTree]) -> Path_ {
    let mut path = Vec::new();
    let mut rest = tokens;
    while let Some((TokenTree::Ident(name), behind)) = rest.split_first() {
        path.push(name.to_string());
        match behind {
            [TokenTree::Punct(a), TokenTree::Punct(b), next @ ..] if a.as_char() == ':' && b.as_char() == ':' => {
                rest = next;
            }
            _ => break,
        }
    }
    path
}

/// Returns the paths of an import, each with its local name.
fn tree(tokens: &[TokenTree], before: &[String]) -> Vec<(Path_, String)> {
    let (mut prefix, mut at) = (before.to_vec(), 0);
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Ident(name) if name == "as" => {
                let alias = tokens.get(at + 1).map_or_else(String::new, ToString::to_string);
                return vec![(prefix, alias)];
            }
            TokenTree::Ident(name) if name == "self" && !prefix.is_empty() => {}
            TokenTree::Ident(name) => prefix.push(name.to_string()),
            TokenTree::Punct(punct) if punct.as_char() == '*' => return vec![(prefix, "*".to_owned())],
            TokenTree::Group(group) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
                return inner
                    .split(is_comma)
                    .filter(|part| !part.is_empty())
                    .flat_map(|part| tree(part, &prefix))
                    .collect();
            }
            _ => {}
        }
        at += 1;
    }
    let name = prefix.last().cloned().unwrap_or_default();
    vec![(prefix, name)]
}

fn is_import(tokens: &[TokenTree]) -> bool {
    let (_, tokens) = attributes(tokens);
    let mut words = tokens.iter().filter(|token| !matches!(token, TokenTree::Group(_))).map(ToString::to_string);
    words.find(|word| word != "pub").is_some_and(|word| word == "use")
}

/// Returns the attributes of an item, without brackets, and the remaining tokens.
fn attributes(mut tokens: &[TokenTree]) -> (Vec<String>, &[TokenTree]) {
    let mut attributes = Vec::new();
    loop {
        match tokens {
            [TokenTree::Punct(pound), TokenTree::Punct(bang), TokenTree::Group(_), rest @ ..]
                if pound.as_char() == '#' && bang.as_char() == '!' =>
            {
                tokens = rest;
            }
            [TokenTree::Punct(pound), TokenTree::Group(group), rest @ ..] if pound.as_char() == '#' => {
                attributes.push(group.stream().to_string());
                tokens = rest;
            }
            _ => return (attributes, tokens),
        }
    }
}
