use super::*;

/// Returns findings of every shape.
fn findings() -> Vec<Finding> {
    let place = |line| Some(SpecPlace { file: "specs/location.json".into(), line });
    let missing = Finding {
        location: Some("body"),
        pointer: "/email".to_owned(),
        expected: "a value".to_owned(),
        found: "nothing".to_owned(),
        ..Finding::new(Code::MISSING, Fault::Server, r#"body: email: the required field "email" of user is missing"#)
    };
    let format = Finding {
        location: Some("path"),
        pointer: "/guid".to_owned(),
        ..Finding::new(
            Code::FORMAT,
            Fault::Client,
            "path parameter guid: expected a uuid, found <&\"7\u{1}\">, 100%\nx",
        )
    };
    vec![
        missing.of_operation("users.get_by_guid").at(place(42)),
        format.of_operation("users.get_by_guid").at(place(7)),
        Finding::new(Code::UNKNOWN_PATH, Fault::Client, "no operation has the path /nowhere"),
        Finding::new(Code::LOG_FULL, Fault::Tool, "the log a:b,c.jsonl has reached its limit"),
    ]
}

fn summary() -> RunSummary {
    let mut summary = RunSummary::new("apigen proxy", "message");
    summary.checked(Some("users.get_by_guid"));
    summary.checked(Some("users.get"));
    summary.checked(Some("users.get"));
    summary.checked(None);
    summary.skip("the body is <too> large");
    summary.skip("the body is <too> large");
    summary.skip("upgraded");
    summary.warn("only 401 was seen from users.get");
    summary
}

#[test]
fn people_read_a_line_per_finding() {
    let expected = r#"V806 server users.get_by_guid: body: email: the required field "email" of user is missing (specs/location.json:42)
V804 client users.get_by_guid: path parameter guid: expected a uuid, found <&"7\u{1}">, 100%\nx (specs/location.json:7)
V820 client: no operation has the path /nowhere
V841 tool: the log a:b,c.jsonl has reached its limit
4 findings (2 client, 1 server, 1 tool); run `apigen explain V806` for details
"#;
    assert_eq!(Format::Human.write(&findings(), &summary()), expected);
    let one = Format::Human.write(&findings()[2..3], &summary());
    assert!(one.ends_with("\n1 finding (1 client); run `apigen explain V820` for details\n"), "{one}");
    assert_eq!(Format::Human.write(&[], &summary()), "");
}

#[test]
fn programs_read_an_array() {
    let expected = r#"[
{"code":"V806","operation":"users.get_by_guid","side":"server","in":"body","pointer":"/email","expected":"a value","found":"nothing","message":"body: email: the required field \"email\" of user is missing","file":"specs/location.json","line":42},
{"code":"V804","operation":"users.get_by_guid","side":"client","in":"path","pointer":"/guid","message":"path parameter guid: expected a uuid, found <&\"7\u0001\">, 100%\nx","file":"specs/location.json","line":7},
{"code":"V820","side":"client","message":"no operation has the path /nowhere"},
{"code":"V841","side":"tool","message":"the log a:b,c.jsonl has reached its limit"}
]
"#;
    let written = Format::Json.write(&findings(), &summary());
    assert_eq!(written, expected);
    assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(&written).unwrap().len(), 4);
    assert_eq!(Format::Json.write(&[], &summary()), "[]\n");
}

#[test]
fn junit_has_a_test_case_per_operation() {
    let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="5" failures="2" skipped="2">
<testsuite name="apigen proxy" tests="5" failures="2" skipped="2">
<testcase classname="apigen proxy" name="no operation">
<failure type="V820" message="no operation has the path /nowhere">V820 client: no operation has the path /nowhere&#10;V841 tool: the log a:b,c.jsonl has reached its limit</failure>
</testcase>
<testcase classname="apigen proxy" name="users.get"/>
<testcase classname="apigen proxy" name="users.get_by_guid">
<failure type="V806" message="body: email: the required field &quot;email&quot; of user is missing">V806 server users.get_by_guid: body: email: the required field &quot;email&quot; of user is missing (specs/location.json:42)&#10;V804 client users.get_by_guid: path parameter guid: expected a uuid, found &lt;&amp;&quot;7\u{1}&quot;&gt;, 100%\nx (specs/location.json:7)</failure>
</testcase>
<testcase classname="apigen proxy" name="skipped: the body is &lt;too&gt; large">
<skipped message="2 messages: the body is &lt;too&gt; large"/>
</testcase>
<testcase classname="apigen proxy" name="skipped: upgraded">
<skipped message="1 message: upgraded"/>
</testcase>
</testsuite>
</testsuites>
"#;
    assert_eq!(Format::Junit.write(&findings(), &summary()), expected);
}

#[test]
fn github_shows_annotations_in_the_spec() {
    let expected = r#"::error file=specs/location.json,line=42,title=V806 server users.get_by_guid::body: email: the required field "email" of user is missing
::error file=specs/location.json,line=7,title=V804 client users.get_by_guid::path parameter guid: expected a uuid, found <&"7\u{1}">, 100%25\nx
::error title=V820 client::no operation has the path /nowhere
::error title=V841 tool::the log a:b,c.jsonl has reached its limit
"#;
    assert_eq!(Format::Github.write(&findings(), &summary()), expected);
}

#[test]
fn requests_without_an_operation_are_findings() {
    let path = || "/nowhere".to_owned();
    let (method, allowed) = ("PUT".to_owned(), vec!["GET", "HEAD"]);
    let errors =
        [RequestError::NotFound { path: path() }, RequestError::MethodNotAllowed { method, path: path(), allowed }];
    let texts = errors.iter().map(|error| Finding::of_request_error(error).unwrap().to_string());
    let expected =
        ["V820 client: no operation has the path /nowhere", "V821 client: /nowhere has no PUT, but GET, HEAD"];
    assert_eq!(texts.collect::<Vec<_>>(), expected);
}

#[test]
fn formats_have_names() {
    for (name, format) in Format::ALL {
        assert_eq!((name.parse(), format.to_string()), (Ok(format), name.to_owned()));
    }
    assert_eq!(
        "xml".parse::<Format>().unwrap_err(),
        r#""xml" is not a format, expected one of human, json, junit, github"#
    );
}

#[test]
fn a_summary_says_what_was_skipped_and_why() {
    let expected = "apigen proxy: checked 4 messages of 2 operations\n\
        skipped 2 messages: the body is <too> large\n\
        skipped 1 message: upgraded\n\
        warning: only 401 was seen from users.get\n";
    assert_eq!(summary().to_string(), expected);
    let mut many = RunSummary::new("apigen proxy", "message");
    (0..1000).for_each(|number| many.skip(&format!("reason {number}")));
    assert_eq!(many.skipped().map(|(_, count)| count).sum::<usize>(), 1000);
    assert!(many.skipped().any(|reason| reason == ("other reasons", 900)));
}

#[test]
fn a_run_without_checks_fails() {
    let (empty, some) = (RunSummary::new("apigen verify", "case"), summary());
    for (summary, findings, allow_empty, status, code) in [
        (&some, vec![], false, ExitStatus::Clean, 0),
        (&some, findings(), false, ExitStatus::Findings, 1),
        (&some, findings(), true, ExitStatus::Findings, 1),
        (&empty, vec![], false, ExitStatus::Findings, 1),
        (&empty, vec![], true, ExitStatus::Clean, 0),
        (&empty, findings(), true, ExitStatus::Findings, 1),
    ] {
        let found = summary.status(&findings, allow_empty);
        assert_eq!((found, found.code()), (status, code));
    }
    assert_eq!(ExitStatus::Failed.code(), 2);
    let finding = empty.nothing_checked(false).unwrap();
    let text = "V850 tool: apigen verify: no case was checked; --allow-empty accepts that";
    assert_eq!((finding.to_string().as_str(), empty.nothing_checked(true)), (text, None));
}
