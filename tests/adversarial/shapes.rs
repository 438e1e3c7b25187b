//! Documents that repeat one construct any number of times.

use std::ops::RangeInclusive;

/// Creates a document of a size.
pub type Make = fn(usize) -> String;

/// A name, and the function that creates the documents.
pub type Shape = (&'static str, Make);

/// Returns the sizes to choose from. At the largest, documents are within the limits on declarations, even if each
/// element is two operations or three types.
pub fn sizes((name, make): &Shape) -> RangeInclusive<usize> {
    match *name {
        // Paths through cycles are followed from each type, up to a number of steps (`plan/analysis/depth.rs`) that is
        // soon reached.
        "all models refer to one that refers to all" => 512..=8_192,
        _ if make(1).contains("\"operations\"") => 16..=8_192,
        _ => 16..=16_384,
    }
}

/// Returns every second shape: two tests with one half each use two processors. `SHAPE` selects those whose names
/// contain it.
pub fn half(second: bool) -> impl Iterator<Item = &'static Shape> {
    let chosen = std::env::var("SHAPE").unwrap_or_default();
    SHAPES.iter().skip(usize::from(second)).step_by(2).filter(move |(name, _)| name.contains(&chosen))
}

/// All shapes; their documents are valid unless the name says otherwise.
pub const SHAPES: &[Shape] = &[
    ("types", |n| models(&list(n, |i| format!("\"m{i}\": {}", fields("\"name\": \"id\", \"type\": \"string\""))))),
    ("fields", |n| {
        models(&format!(
            "\"m\": {{\"fields\": [{}]}}",
            list(n, |i| format!("{{\"name\": \"f{i}\", \"type\": \"long\"}}"))
        ))
    }),
    ("sensitive fields", |n| {
        let own = list(n, |i| format!("{{\"name\": \"f{i}_token\", \"type\": \"string\"}}"));
        models(&format!("\"m\": {{\"fields\": [{own}]}}"))
    }),
    ("fields of one model", |n| {
        let own = list(n, |i| format!("{{\"name\": \"f{i}\", \"type\": \"[other]\", \"required\": false}}"));
        models(&format!(
            "\"m\": {{\"fields\": [{own}]}}, \"other\": {}",
            fields("\"name\": \"id\", \"type\": \"string\"")
        ))
    }),
    ("fields with defaults and limits", |n| {
        let own = list(n, |i| {
            format!(
                "{{\"name\": \"f{i}\", \"type\": \"integer\", \"default\": {i}, \"minimum\": 0, \"maximum\": 1000000}}"
            )
        });
        models(&format!("\"m\": {{\"fields\": [{own}]}}"))
    }),
    ("values of an enum", |n| enums(&format!("\"e\": {{\"values\": [{}]}}", values(n)))),
    ("defaults of a large enum", |n| {
        let own = list(n, |i| format!("{{\"name\": \"f{i}\", \"type\": \"e\", \"default\": \"v{}\"}}", n - 1 - i));
        document(&format!(
            "\"enums\": {{\"e\": {{\"values\": [{}]}}}}, \"models\": {{\"m\": {{\"fields\": [{own}]}}}}",
            values(n)
        ))
    }),
    ("wrong defaults of a large enum", |n| {
        let own = list(n, |i| format!("{{\"name\": \"f{i}\", \"type\": \"e\", \"default\": \"w{i}\"}}"));
        document(&format!(
            "\"enums\": {{\"e\": {{\"values\": [{}]}}}}, \"models\": {{\"m\": {{\"fields\": [{own}]}}}}",
            values(n)
        ))
    }),
    ("enums", |n| enums(&list(n, |i| format!("\"e{i}\": {{\"values\": [{{\"name\": \"a\"}}]}}")))),
    ("unions", |n| {
        document(&format!(
            "\"unions\": {{{}}}",
            list(n, |i| format!("\"u{i}\": {{\"types\": [{{\"type\": \"string\"}}, {{\"type\": \"long\"}}]}}"))
        ))
    }),
    ("members of a union", |n| union_of_models(n, "", "")),
    ("members of a union with a discriminator", |n| union_of_models(n, "\"discriminator\": \"kind\", ", "")),
    ("one model in many unions", |n| {
        let unions = list(n, |i| {
            format!(
                "\"u{i}\": {{\"discriminator\": \"kind\", \"types\": [{{\"type\": \"m\"}}, {{\"type\": \"m{i}\"}}]}}"
            )
        });
        let known = list(n, |i| format!("\"m{i}\": {}", fields("\"name\": \"id\", \"type\": \"string\"")));
        document(&format!("\"unions\": {{{unions}}}, \"models\": {{\"m\": {{\"fields\": []}}, {known}}}"))
    }),
    ("a chain of unions", |n| {
        let n = n.min(40);
        document(&format!(
            "\"unions\": {{{}, \"u{n}\": {{\"types\": [{{\"type\": \"string\"}}]}}}}",
            list(n, |i| format!("\"u{i}\": {{\"types\": [{{\"type\": \"u{}\"}}]}}", i + 1))
        ))
    }),
    ("a union of unions", |n| {
        let outer = list(n, |i| format!("{{\"type\": \"u{i}\"}}"));
        let unions = list(n, |i| {
            format!(
                "\"u{i}\": {{\"discriminator\": \"kind\", \"types\": [{{\"type\": \"m{i}\"}}, {{\"type\": \"n{i}\"}}]}}"
            )
        });
        let known = list(n, |i| format!("\"m{i}\": {{\"fields\": []}}, \"n{i}\": {{\"fields\": []}}"));
        document(&format!(
            "\"unions\": {{{unions}, \"all\": {{\"discriminator\": \"kind\", \"types\": [{outer}]}}}}, \"models\": {{{known}}}"
        ))
    }),
    ("a chain of models", |n| {
        models(&format!(
            "{}, \"m{n}\": {{\"fields\": []}}",
            list(n, |i| format!("\"m{i}\": {}", fields(&format!("\"name\": \"next\", \"type\": \"m{}\"", i + 1))))
        ))
    }),
    ("a cycle of models", |n| {
        models(&list(n, |i| {
            format!(
                "\"m{i}\": {}",
                fields(&format!("\"name\": \"next\", \"type\": \"m{}\", \"required\": false", (i + 1) % n))
            )
        }))
    }),
    ("all models refer to one that refers to all", |n| {
        let hub = list(n, |i| format!("{{\"name\": \"f{i}\", \"type\": \"m{i}\", \"required\": false}}"));
        let spokes =
            list(n, |i| format!("\"m{i}\": {}", fields("\"name\": \"hub\", \"type\": \"hub\", \"required\": false")));
        models(&format!("\"hub\": {{\"fields\": [{hub}]}}, {spokes}"))
    }),
    ("interfaces", |n| {
        let interfaces =
            list(n, |i| format!("\"i{i}\": {}", fields(&format!("\"name\": \"f{i}\", \"type\": \"string\""))));
        let names = list(n, |i| format!("\"i{i}\""));
        document(&format!("\"interfaces\": {{{interfaces}}}, \"models\": {{\"m\": {{\"interfaces\": [{names}]}}}}"))
    }),
    ("an interface of all models", |n| {
        let known = list(n, |i| format!("\"m{i}\": {{\"interfaces\": [\"i\"]}}"));
        document(&format!(
            "\"interfaces\": {{\"i\": {}}}, \"models\": {{{known}}}",
            fields("\"name\": \"id\", \"type\": \"string\"")
        ))
    }),
    ("annotations", |n| {
        let own =
            list(n, |i| format!("{{\"name\": \"f{i}\", \"type\": \"string\", \"annotations\": [\"a{}\"]}}", n - 1 - i));
        let known = list(n, |i| format!("\"a{i}\": {{}}"));
        document(&format!("\"annotations\": {{{known}}}, \"models\": {{\"m\": {{\"fields\": [{own}]}}}}"))
    }),
    ("unknown annotations", |n| {
        let own = list(n, |i| format!("{{\"name\": \"f{i}\", \"type\": \"string\", \"annotations\": [\"b{i}\"]}}"));
        let known = list(n, |i| format!("\"annotation_{i}\": {{}}"));
        document(&format!("\"annotations\": {{{known}}}, \"models\": {{\"m\": {{\"fields\": [{own}]}}}}"))
    }),
    ("attributes", |n| {
        let all = list(n, |i| format!("{{\"name\": \"a{i}\", \"value\": {{\"k{i}\": {i}}}}}"));
        models(&format!("\"m\": {{\"fields\": [], \"attributes\": [{all}]}}"))
    }),
    ("headers of the service", |n| {
        document(&format!("\"headers\": [{}]", list(n, |i| format!("{{\"name\": \"X-H{i}\", \"type\": \"string\"}}"))))
    }),
    ("operations", |n| resource(&list(n, |i| format!("{{\"method\": \"GET\", \"path\": \"/p{i}\"}}")))),
    ("operations by HEAD", |n| {
        resource(&list(n, |i| format!("{{\"method\": \"{}\", \"path\": \"/p{}\"}}", ["GET", "HEAD"][i % 2], i / 2)))
    }),
    ("operations whose paths have one shape", |n| {
        resource(&list(n, |i| {
            format!("{{\"method\": \"GET\", \"path\": \"/:id/p{i}\", \"responses\": {{\"200\": {{\"type\": \"m\"}}}}}}")
        }))
    }),
    ("operations whose paths conflict", |n| {
        resource(&list(n, |i| format!("{{\"method\": \"GET\", \"path\": \"/:a{i}/x/:b\"}}")))
    }),
    ("operations that overlap", |n| {
        resource(&list(n, |i| match i % 2 {
            0 => format!("{{\"method\": \"GET\", \"path\": \"/:a/s{i}\"}}"),
            _ => format!("{{\"method\": \"GET\", \"path\": \"/s{i}/:b\"}}"),
        }))
    }),
    ("operations with a variable that is a late field", |n| {
        let own = list(n, |i| format!("{{\"name\": \"f{i}\", \"type\": \"long\"}}"));
        let operations = list(n, |i| format!("{{\"method\": \"GET\", \"path\": \"/p{i}/:f{}\"}}", n - 1));
        document(&format!(
            "\"models\": {{\"m\": {{\"fields\": [{own}]}}}}, \"resources\": {{\"m\": {{\"operations\": [{operations}]}}}}"
        ))
    }),
    ("operations of a resource that is a union", |n| {
        let operations = list(n, |i| format!("{{\"method\": \"GET\", \"path\": \"/{i}/:id\"}}"));
        union_of_models(n, "", &format!(", \"resources\": {{\"all\": {{\"operations\": [{operations}]}}}}"))
    }),
    ("resources", |n| {
        let known = list(n, |i| format!("\"m{i}\": {{\"fields\": []}}"));
        let all = list(n, |i| format!("\"m{i}\": {{\"operations\": [{{\"method\": \"GET\"}}]}}"));
        document(&format!("\"models\": {{{known}}}, \"resources\": {{{all}}}"))
    }),
    ("parameters of the query", |n| {
        let all = list(n, |i| format!("{{\"name\": \"p{i}\", \"type\": \"string\", \"required\": false}}"));
        resource(&format!("{{\"method\": \"GET\", \"parameters\": [{all}]}}"))
    }),
    ("headers of a request", |n| {
        let all = list(n, |i| format!("{{\"name\": \"X-P{i}\", \"type\": \"string\", \"location\": \"header\"}}"));
        resource(&format!("{{\"method\": \"GET\", \"parameters\": [{all}]}}"))
    }),
    ("parameters of a form", |n| {
        let all = list(n, |i| format!("{{\"name\": \"p{i}\", \"type\": \"string\"}}"));
        resource(&format!("{{\"method\": \"POST\", \"parameters\": [{all}]}}"))
    }),
    ("sensitive parameters", |n| {
        let all = list(n, |i| format!("{{\"name\": \"p{i}_token\", \"type\": \"string\"}}"));
        resource(&format!("{{\"method\": \"GET\", \"parameters\": [{all}]}}"))
    }),
    ("headers of a response", |n| {
        let all = list(n, |i| format!("{{\"name\": \"X-R{i}\", \"type\": \"string\"}}"));
        resource(&format!(
            "{{\"method\": \"GET\", \"responses\": {{\"200\": {{\"type\": \"m\", \"headers\": [{all}]}}}}}}"
        ))
    }),
    ("responses", |n| {
        let all = list(n.min(60_000), |i| format!("\"{}\": {{\"type\": \"m\"}}", i + 400));
        resource(&format!("{{\"method\": \"GET\", \"responses\": {{{all}}}}}"))
    }),
    ("different errors", |n| {
        let known = list(n, |i| format!("\"m{i}\": {{\"fields\": []}}"));
        let operations = list(n, |i| {
            format!("{{\"method\": \"GET\", \"path\": \"/p{i}\", \"responses\": {{\"404\": {{\"type\": \"m{i}\"}}}}}}")
        });
        document(&format!("\"models\": {{{known}}}, \"resources\": {{\"m0\": {{\"operations\": [{operations}]}}}}"))
    }),
    ("templates", |n| {
        let templates =
            list(n, |i| format!("\"t{i}\": {}", fields(&format!("\"name\": \"f{i}\", \"type\": \"string\""))));
        let known = list(n, |i| format!("\"m{i}\": {{\"fields\": [], \"templates\": [{{\"name\": \"t{i}\"}}]}}"));
        document(&format!("\"templates\": {{\"models\": {{{templates}}}}}, \"models\": {{{known}}}"))
    }),
    ("templates of one model", |n| {
        let n = n.min(400);
        let templates =
            list(n, |i| format!("\"t{i}\": {}", fields(&format!("\"name\": \"f{i}\", \"type\": \"string\""))));
        let names = list(n, |i| format!("{{\"name\": \"t{i}\"}}"));
        document(&format!(
            "\"templates\": {{\"models\": {{{templates}}}}}, \"models\": {{\"m\": {{\"fields\": [], \"templates\": [{names}]}}}}"
        ))
    }),
    ("one template of all models", |n| {
        let known = list(n, |i| format!("\"m{i}\": {{\"fields\": [], \"templates\": [{{\"name\": \"t\"}}]}}"));
        document(&format!(
            "\"templates\": {{\"models\": {{\"t\": {}}}}}, \"models\": {{{known}}}",
            fields("\"name\": \"id\", \"type\": \"string\"")
        ))
    }),
    ("imports that are missing", |n| {
        let imports = list(n, |i| format!("{{\"uri\": \"https://example.com/acme/a{i}/1.0.0/service.json\"}}"));
        document(&format!("\"imports\": [{imports}]"))
    }),
    ("inline types", |n| {
        let own = list(n, |i| {
            format!(
                "{{\"name\": \"f{i}\", \"type\": {{\"model\": \"inline_{i}\", \"fields\": [{{\"name\": \"id\", \"type\": \"string\"}}]}}}}"
            )
        });
        models(&format!("\"m\": {{\"fields\": [{own}]}}"))
    }),
    ("names that become the same", |n| {
        // All of them are `F` in Rust.
        let marks = |i: usize| (0..20).map(|bit| if i >> bit & 1 == 1 { '-' } else { '_' }).collect::<String>();
        let own = list(n, |i| format!("{{\"name\": \"f{}\", \"type\": \"string\"}}", marks(i)));
        models(&format!("\"m\": {{\"fields\": [{own}]}}"))
    }),
    ("types whose names become the same", |n| models(&list(n, |i| format!("\"{}\": {{\"fields\": []}}", cased(i))))),
    ("values whose names become the same", |n| {
        enums(&format!("\"e\": {{\"values\": [{}]}}", list(n, |i| format!("{{\"name\": \"{}\"}}", dashed(i)))))
    }),
    ("operations whose names become the same", |n| {
        resource(&list(n, |i| format!("{{\"method\": \"GET\", \"path\": \"/{}\"}}", dashed(i))))
    }),
    ("parameters whose names become the same", |n| {
        let all = list(n, |i| format!("{{\"name\": \"{}\", \"type\": \"string\"}}", dashed(i)));
        resource(&format!("{{\"method\": \"GET\", \"parameters\": [{all}]}}"))
    }),
    ("names with one beginning", |n| {
        let begin = "very_long_beginning_".repeat(10);
        models(&list(n, |i| format!("\"{begin}{i}\": {{\"fields\": []}}")))
    }),
    ("descriptions", |n| {
        let text = "Text with `code`, a [link](https://example.com), *emphasis* and <tags>.\\n\\n* item\\n".repeat(n);
        models(&format!("\"m\": {{\"description\": \"{text}\", \"fields\": []}}"))
    }),
    ("nested lists in a description", |n| {
        models(&format!("\"m\": {{\"description\": \"{}\", \"fields\": []}}", "* a\\n> ".repeat(n)))
    }),
    ("brackets in a description", |n| {
        models(&format!("\"m\": {{\"description\": \"{}\", \"fields\": []}}", "[".repeat(n)))
    }),
    ("backticks in a description", |n| {
        let text: String = (0..n.isqrt()).map(|i| format!("{} ", "`".repeat(i + 1))).collect();
        models(&format!("\"m\": {{\"description\": \"{text}\", \"fields\": []}}"))
    }),
    ("emphasis in a description", |n| {
        models(&format!("\"m\": {{\"description\": \"{}\", \"fields\": []}}", "*a _b ".repeat(n)))
    }),
    ("tags in a description", |n| {
        models(&format!("\"m\": {{\"description\": \"{}\", \"fields\": []}}", "<a <!-- ".repeat(n)))
    }),
    ("a long default", |n| {
        let items = list(n, |i| format!("{i}"));
        models(&format!(
            "\"m\": {}",
            fields(&format!("\"name\": \"f\", \"type\": \"[long]\", \"default\": \"[{items}]\""))
        ))
    }),
    ("collections of one model", |n| {
        let resources = list(n, |i| {
            format!(
                "{{\"method\": \"POST\", \"path\": \"/c{i}\", \"body\": {{\"type\": \"m\"}}, \"responses\": {{\"201\": {{\"type\": \"m\"}}}}}},
                 {{\"method\": \"GET\", \"path\": \"/c{i}/:id\", \"responses\": {{\"200\": {{\"type\": \"m\"}}}}}}"
            )
        });
        resource(&resources)
    }),
    ("collections of models that hold each other", |n| {
        let known = list(n, |i| {
            let next = format!("{{\"name\": \"next\", \"type\": \"m{}\"}}", i + 1);
            format!("\"m{i}\": {{\"fields\": [{{\"name\": \"id\", \"type\": \"string\"}}, {next}]}}")
        });
        let resources = list(n, |i| {
            format!(
                "\"m{i}\": {{\"path\": \"/c{i}\", \"operations\": [
                    {{\"method\": \"POST\", \"body\": {{\"type\": \"m{i}\"}}, \"responses\": {{\"201\": {{\"type\": \"m{i}\"}}}}}},
                    {{\"method\": \"GET\", \"path\": \"/:id\", \"responses\": {{\"200\": {{\"type\": \"m{i}\"}}}}}}]}}"
            )
        });
        document(&format!("\"models\": {{{known}, \"m{n}\": {{\"fields\": []}}}}, \"resources\": {{{resources}}}"))
    }),
    ("a form that is nearly the model", |n| {
        let known = list(n, |i| {
            let fields = |to: &str| {
                format!(
                    "{{\"fields\": [{{\"name\": \"id\", \"type\": \"string\"}}, {{\"name\": \"next\", \"type\": \"{to}{}\"}}]}}",
                    i + 1
                )
            };
            format!("\"m{i}\": {}, \"f{i}\": {}", fields("m"), fields("f"))
        });
        let ends = format!("\"m{n}\": {{\"fields\": []}}, \"f{n}\": {{\"fields\": []}}");
        document(&format!(
            "\"models\": {{{known}, {ends}}}, \"resources\": {{\"m0\": {{\"operations\": [
                {{\"method\": \"POST\", \"body\": {{\"type\": \"f0\"}}, \"responses\": {{\"201\": {{\"type\": \"m0\"}}}}}},
                {{\"method\": \"GET\", \"path\": \"/:id\", \"responses\": {{\"200\": {{\"type\": \"m0\"}}}}}}]}}}}"
        ))
    }),
    ("operations of a union with distinct variables", |n| {
        let operations = list(n, |i| format!("{{\"method\": \"GET\", \"path\": \"/{i}/:v{i}\"}}"));
        union_of_models(n, "", &format!(", \"resources\": {{\"all\": {{\"operations\": [{operations}]}}}}"))
    }),
    ("fields of an interface in all models", |n| {
        let n = n.isqrt().max(4) * 4;
        let own = list(n, |i| format!("{{\"name\": \"f{i}\", \"type\": \"string\"}}"));
        let known = list(n, |i| format!("\"m{i}\": {{\"interfaces\": [\"i\"]}}"));
        document(&format!("\"interfaces\": {{\"i\": {{\"fields\": [{own}]}}}}, \"models\": {{{known}}}"))
    }),
];

/// Joins the items for all numbers below `count` with commas.
pub fn list(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(",")
}

/// Returns a document with these members.
pub fn document(members: &str) -> String {
    format!("{{\"name\": \"Slow\", {members}}}")
}

/// Returns a document with these models.
pub fn models(models: &str) -> String {
    document(&format!("\"models\": {{{models}}}"))
}

fn enums(enums: &str) -> String {
    document(&format!("\"enums\": {{{enums}}}"))
}

fn fields(field: &str) -> String {
    format!("{{\"fields\": [{{{field}}}]}}")
}

fn values(n: usize) -> String {
    list(n, |i| format!("{{\"name\": \"v{i}\"}}"))
}

fn resource(operations: &str) -> String {
    let model = fields("\"name\": \"id\", \"type\": \"string\"");
    document(&format!("\"models\": {{\"m\": {model}}}, \"resources\": {{\"m\": {{\"operations\": [{operations}]}}}}"))
}

/// Returns a document with a union of all its models.
pub fn union_of_models(n: usize, more: &str, behind: &str) -> String {
    let members = list(n, |i| format!("{{\"type\": \"m{i}\"}}"));
    let known = list(n, |i| format!("\"m{i}\": {}", fields("\"name\": \"id\", \"type\": \"string\"")));
    document(&format!("\"models\": {{{known}}}, \"unions\": {{\"all\": {{{more}\"types\": [{members}]}}}}{behind}"))
}

/// Returns names that differ only in case, which are equal in Rust; API Builder distinguishes those of types by other letters.
fn cased(i: usize) -> String {
    let mut name = format!("aa{}", i / 4096);
    for bit in 0..12 {
        name.push_str(if i >> bit & 1 == 1 { "_b" } else { "-b" });
    }
    name
}

/// Returns names that differ only in punctuation.
fn dashed(i: usize) -> String {
    (0..20).fold("a".to_owned(), |name, bit| format!("{name}{}b", if i >> bit & 1 == 1 { "-" } else { "_" }))
}
