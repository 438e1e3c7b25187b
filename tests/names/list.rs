//! Every name that generated code might need itself.

use std::fs;
use std::path::Path;

use apigen_build::{Config, Emit};
use proc_macro2::{TokenStream, TokenTree};
use serde_json::json;

/// Methods and functions of the traits of std's prelude (editions 2021 and 2024), of those that generated types
/// implement, and of wrapper types: `Arc`, `Box`, `Option`.
const STD: &str = "
    add_assign all and and_then any any_ref append as_deref as_mut as_ptr as_ref as_slice as_str async_drop borrow borrow_mut by_ref
    call call_async call_mut call_once chain clamp clone clone_from clone_into cloned cmp collect copied copy count cycle default deref
    deref_mut downcast drop dyn eq eq_ignore_case expect extend extend_one filter filter_map find find_map finish flat_map flatten fmt
    fold for_each forget from from_fn from_iter from_str fuse ge get get_mut get_or_insert get_ref gt hash hash_one hash_slice increment
    inspect into into_boxed into_future into_inner into_iter into_ok into_raw into_string is_empty is_none is_ok is_partitioned is_some
    is_sorted iter iter_mut last le leak len lt make_mut map map_or map_while max max_by max_by_key min min_by min_by_key ne new next
    next_back next_chunk not nth nth_back ok_or or or_else partial_cmp partition peek peekable pin poll position product ptr_eq push
    reduce replace rev rfind rfold rposition scan size_hint size_of size_of_val skip skip_while source step_by strong_count sum take
    take_while to_owned to_string to_vec try_fold try_for_each try_from try_into try_new try_unwrap type_id uninit unwrap unwrap_or
    unwrap_or_default unwrap_or_else unzip update weak_count with_capacity write write_str zip
";

/// Other names of the prelude and the language.
const WORDS: &str = "
    AsMut AsRef Box Clone Copy Default DoubleEndedIterator Drop Eq Err ExactSizeIterator Extend Fn FnMut FnOnce From FromIterator Future
    Into IntoFuture IntoIterator Iterator None Ok Option Ord PartialEq PartialOrd Result Send Sized Some String Sync ToOwned ToString
    TryFrom TryInto Unpin Vec Self Debug Display FromStr Error Infallible Arc A B C D E F K N O P Q R S T U V W X
    bool char f32 f64 i8 i16 i32 i64 i128 isize str u8 u16 u32 u64 u128 usize unit never array slice tuple
    assert cfg column compile_error concat dbg debug_assert env file format format_args include include_str line matches module_path
    option_env panic print println stringify thread_local todo try unimplemented unreachable vec derive test bench global_allocator
    Self abstract as async await become box break const continue crate do dyn else enum extern false final fn for gen if impl in let
    loop macro match mod move mut override priv pub raw ref return safe self static struct super trait true try type typeof union unsafe
    unsized use virtual where while yield auto default macro_rules alloc core std proc_macro apigen apigen_runtime serde http bytes
";

/// Stems of files with a special meaning for rustc, cargo, Windows or us.
pub const FILES: &str = "
    mod lib main bin build tests examples benches src target cargo readme con prn aux nul com0 com1 com2 com3 com4 com5 com6 com7 com8 com9
    lpt0 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9 models json client mock factories server
";

/// Names in snake case; each is another identifier.
pub struct Names {
    /// Names that are used for types elsewhere.
    pub types: Vec<String>,
    /// Names of methods, functions, modules, fields and local variables.
    pub values: Vec<String>,
    /// The values that occur in the files of models, codec and factories.
    pub locals: Vec<String>,
}

impl Names {
    /// Collects the names of the language, std, the runtime and generated code.
    pub fn collect() -> Self {
        let mut names = Self { types: Vec::new(), values: Vec::new(), locals: Vec::new() };
        [STD, WORDS, FILES].iter().flat_map(|list| list.split_whitespace()).for_each(|name| names.add(name));
        mock_methods().iter().for_each(|name| names.add(name));
        for part in [Emit::Always, Emit::Feature("zyx_feature".to_owned())] {
            names.generated(part);
        }
        for list in [&mut names.types, &mut names.values, &mut names.locals] {
            // Without the spec's own names, and those that the format does not allow.
            list.retain(|name| !name.contains("zyx") && name.starts_with(|c: char| c.is_ascii_lowercase()));
            list.sort_unstable();
            list.dedup();
        }
        names
    }

    fn add(&mut self, name: &str) {
        let list = if name.starts_with(|c: char| c.is_ascii_uppercase()) { &mut self.types } else { &mut self.values };
        list.push(snake(name));
    }

    /// Collects all identifiers of generated code.
    fn generated(&mut self, part: Emit) {
        let config = Config::new().source("plain.json", plain()).mocks(part.clone()).server(part);
        for (path, text) in
            config.generate_in_memory().unwrap().files.by_path.into_iter().filter(|(_, text)| !text.starts_with('#'))
        {
            let local = ["models.rs", "json.rs", "factories.rs"].iter().any(|name| path.ends_with(name));
            idents(text.parse().unwrap(), &mut |name| {
                self.add(name);
                self.locals
                    .extend((local && name.starts_with(|c: char| c.is_ascii_lowercase())).then(|| name.to_owned()));
            });
        }
    }
}

/// Returns the methods of the type that mock clients dereference to.
pub fn mock_methods() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("runtime/src/mock/mod.rs");
    let mut found = Vec::new();
    for item in syn::parse_file(&fs::read_to_string(path).unwrap()).unwrap().items {
        let syn::Item::Impl(block) = item else { continue };
        let syn::Type::Path(ty) = *block.self_ty else { continue };
        let inherent = block.trait_.is_none() && ty.path.segments.iter().any(|segment| segment.ident == "Mock");
        let methods = block.items.into_iter().filter_map(|member| match member {
            syn::ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
            _ => None,
        });
        found.extend(methods.filter(|_| inherent));
    }
    found
}

fn idents(tokens: TokenStream, found: &mut dyn FnMut(&str)) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => idents(group.stream(), found),
            TokenTree::Ident(name) => found(name.to_string().trim_start_matches("r#")),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// Converts to snake case: `GetByGuid` and `GET_BY_GUID` are `get_by_guid`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    let mut lower = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() && lower {
            snake.push('_');
        }
        lower = c.is_ascii_lowercase() || c.is_ascii_digit();
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

/// Returns a spec with one of everything, with unique names.
fn plain() -> String {
    let optional = |name: &str, ty: &str| json!({ "name": name, "type": ty, "required": false });
    let required = |name: &str, ty: &str| json!({ "name": name, "type": ty });
    json!({
        "name": "zyx",
        "base_url": "https://zyx.example.com",
        "headers": [required("zyx-header", "string")],
        "enums": { "zyx_enum": { "values": [{ "name": "zyx_value" }] } },
        "interfaces": { "zyx_interface": { "fields": [required("zyx_text", "string")] } },
        "models": {
            "zyx_model": { "interfaces": ["zyx_interface"], "fields": [
                required("zyx_guid", "uuid"), required("zyx_text", "string"), required("zyx_at", "date-time-iso8601"), required("zyx_on", "date-iso8601"),
                required("zyx_double", "double"), required("zyx_decimal", "decimal"), required("zyx_object", "object"), required("zyx_json", "json"),
                required("zyx_map", "map[long]"), optional("zyx_again", "zyx_model"), optional("zyx_union", "zyx_union"),
                { "name": "zyx_list", "type": "[string]", "default": ["zyx"] }, { "name": "zyx_minimum", "type": "long", "minimum": 1, "maximum": 2 },
                { "name": "zyx_pin", "type": "string", "annotations": ["secret"] }, { "name": "zyx_case", "type": "zyx_enum", "default": "zyx_value" },
            ] },
            "zyx_other": { "fields": [optional("zyx_unit", "unit")] },
        },
        "annotations": { "secret": {} },
        "unions": { "zyx_union": { "discriminator": "zyx_is", "types": [{ "type": "zyx_other" }, { "type": "string" }] } },
        "resources": { "zyx_model": { "operations": [
            { "method": "GET", "attributes": [{ "name": "apigen", "value": { "name": "zyx_list_all" } }],
              "parameters": [optional("zyx_guid", "[uuid]"), optional("zyx_text", "string"), { "name": "limit", "type": "long", "default": 25 }, { "name": "offset", "type": "long", "default": 0 }],
              "responses": { "200": { "type": "[zyx_model]", "headers": [optional("zyx-header", "string"), required("zyx-list", "[string]")] } } },
            { "method": "PUT", "path": "/:zyx_guid", "attributes": [{ "name": "apigen", "value": { "name": "zyx_put" } }], "body": { "type": "zyx_model" },
              "responses": { "200": { "type": "zyx_model" }, "404": { "type": "unit" }, "409": { "type": "[zyx_other]" }, "default": { "type": "zyx_other" } } },
            { "method": "GET", "path": "/:zyx_guid", "attributes": [{ "name": "apigen", "value": { "name": "zyx_get" } }], "responses": { "200": { "type": "zyx_model" } } },
            { "method": "POST", "attributes": [{ "name": "apigen", "value": { "name": "zyx_post" } }], "body": { "type": "zyx_model" }, "responses": { "201": { "type": "zyx_model" }, "409": { "type": "zyx_other" } } },
            { "method": "POST", "path": "/zyx", "attributes": [{ "name": "apigen", "value": { "name": "zyx_form", "side_effects": false } }],
              "parameters": [{ "name": "zyx_text", "type": "string", "location": "form" }, { "name": "zyx_head", "type": "[zyx_enum]", "location": "header" }], "responses": { "default": { "type": "unit" } } },
        ] } },
    })
    .to_string()
}
