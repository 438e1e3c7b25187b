use super::*;

fn check(markdown: &str, expected: &[&str]) {
    assert_eq!(doc_lines(markdown), expected, "{markdown:?}");
}

#[test]
fn paragraphs() {
    check("", &[]);
    check(" \n\t\n", &[]);
    check("One\nline.\r\n\r\n\n\nTwo.  \n", &["One line.", "", "Two."]);
    check("    indented\n\tcode();", &["indented code();"]);
    check("> quoted\n> text", &["quoted text"]);
    check("a\u{202e}b\u{0}c\u{7}", &["abc"]);
    check(&"word ".repeat(40), &["word ".repeat(22).trim_end(), "word ".repeat(18).trim_end()]);
}

#[test]
fn text_is_escaped() {
    for (text, expected) in [
        ("a <b> c", r"a \<b\> c"),
        ("<script>", r"\<script\>"),
        ("[Foo] and [bar][Baz]", r"\[Foo\] and \[bar\]\[Baz\]"),
        ("[x]: https://example.com", r"\[x\]: <https://example.com>"),
        ("[x](crate::Foo)", r"\[x\](crate::Foo)"),
        (r"\[x\] \\ \d", r"\[x\] \\ \\d"),
        ("a ` b", r"a \` b"),
        ("`a` `` b ` c `` ```", r"`a` `` b ` c `` \`\`\`"),
        ("`<T> [x]`", "`<T> [x]`"),
        ("#![allow(x)]", r"\#!\[allow(x)\]"),
        ("#[test]", r"\#\[test\]"),
        ("+", ""),
        ("== x", r"\== x"),
        ("**bold** _it_", "**bold** _it_"),
    ] {
        assert_eq!(doc_lines(text).join("\n"), expected, "{text:?}");
    }
}

#[test]
fn links() {
    for (text, expected) in [
        ("see https://example.com/a_b.", "see <https://example.com/a_b>."),
        ("(https://example.com/x(y))", "(<https://example.com/x(y)>)"),
        ("**http://example.com**", "**<http://example.com>**"),
        ("<https://example.com>", "<https://example.com>"),
        (r"\https://example.com", r"\\<https://example.com>"),
        ("[a `b`](https://example.com/x \"Title\") c", "[a `b`](https://example.com/x) c"),
        ("[x](https://example.com/x(y)) z", "[x](https://example.com/x(y)) z"),
        ("[https://example.com](https://example.com)", "<https://example.com>"),
        ("![image](https://example.com/i.png)", "[image](https://example.com/i.png)"),
        ("!![x](https://example.com)", "&#33;[x](https://example.com)"),
        ("https://example.com/http://", "<https://example.com/http://>"),
        ("https:// alone", "https:// alone"),
    ] {
        assert_eq!(doc_lines(text).join("\n"), expected, "{text:?}");
    }
}

#[test]
fn headings_and_rules() {
    check("# Title #\ntext", &["# Title", "", "text"]);
    check("Title\n=====\ntext\nmore\n---\nend", &["# Title", "", "text more", "", "end"]);
    check("a\n##", &["a"]);
    check("a\n\n***\nb", &["a", "", "b"]);
}

#[test]
fn lists() {
    check("Some:\n* one\nlazy\n* two", &["Some:", "", "- one lazy", "- two"]);
    check("1. a\n   - b\n\n     more\n2. c\n\nend", &["1. a", "   - b", "", "     more", "2. c", "", "end"]);
    check("It was in\n1990. Really.", &["It was in 1990. Really."]);
    check("- - a\n-\n- 1. b", &["- \\- a", "- 1\\. b"]);
    let long = format!("- {}", "word ".repeat(30));
    assert!(doc_lines(&long)[1].starts_with("  word"));
    let breaks = format!("{} - 1. # x", "word ".repeat(21));
    assert!(doc_lines(&breaks).iter().skip(1).all(|line| line.starts_with('\\') || line.starts_with("1\\")));
}

#[test]
fn code() {
    check("```\nlet x = [1];\n```", &["```text", "let x = [1];", "```"]);
    check("```rust,should_panic\npanic!()", &["```text", "panic!()", "```"]);
    check("~~~JSON\n{\n\t\"a\": `1`}  \n~~~ \nend", &["```json", "{", "    \"a\": `1`}", "```", "", "end"]);
    check("~~~\n```\n~~~", &["````text", "```", "````"]);
    check("- a\n  ```\n  b\n  ```\n- c", &["- a", "", "  ```text", "  b", "  ```", "- c"]);
    check("> ```\n> a\n> ```\n> b", &["```text", "a", "```", "", "b"]);
}

#[test]
fn tables() {
    check(
        "| a | b |\n|:--|---|\n| `x|y` | [z] \\| |\nend",
        &["| a | b |", "| --- | --- |", r"| \`x | y\` | \[z\] \| |", "", "end"],
    );
}

#[test]
fn huge_text_is_cut_in_linear_time() {
    for part in ["word ", "`", "[", "``` ", "[x](https://example.com/", "- ", "| ", "(", "https://example.com/)) "] {
        let text = part.repeat(10_000_000 / part.len());
        let length: usize = doc_lines(&text).iter().map(String::len).sum();
        assert!(length < 100_000, "{part:?} gave {length} bytes");
    }
    assert!(doc_lines(&"word ".repeat(5000)).last().unwrap().ends_with('…'));
}

#[test]
fn summaries() {
    for (text, expected) in [
        ("", ""),
        ("A `user` of *ours*. And more.", "A user of ours."),
        ("# Title\n\nText", "Title"),
        ("All, e.g. [this](https://example.com) one\nand v1.2 too! Next", "All, e.g. this one and v1.2 too!"),
        ("no end\n\nnext", "no end"),
    ] {
        assert_eq!(summary(text), expected, "{text:?}");
    }
}
