use super::*;

fn read(text: &[u8]) -> Vec<Result<String, String>> {
    let all = ExchangeReader::new("log.jsonl", text);
    all.map(|line| line.map(|exchange| exchange.method).map_err(|problem| problem.to_string())).collect()
}

#[test]
fn a_record_has_one_form() {
    let json = r#"{"v":1,"at":"2026-03-04T05:06:07.123Z","service":"location","spec":"0.3.28","environment":"sandbox","operation":"users.get_by_guid","method":"GET","target":"/users/6513?x=1","duration_us":1234,"request":{"headers":{"accept":"application/json"}},"response":{"status":200,"headers":{"content-type":"application/json"},"json":{"guid":"6513"}},"violations":[{"side":"response","in":"body","pointer":"/email","code":"missing","message":"body: email: is missing"}],"redacted":["/response/json/email"],"truncated":false}"#;
    assert_eq!(exchange().to_json(), json);
    let mut other = exchange();
    (other.operation, other.environment, other.response, other.truncated) = (None, None, None, true);
    other.request.headers.push(("accept".to_owned(), "text/plain".to_owned()));
    let json = other.to_json();
    for part in [
        r#""environment":null,"operation":null,"#,
        r#""request":{"headers":{"accept":["application/json","text/plain"]}},"response":null,"#,
        r#""truncated":true}"#,
    ] {
        assert!(json.contains(part), "{json}");
    }
}

#[test]
fn every_record_is_read_as_it_was_written() {
    let mut random = Random(7);
    let records: Vec<Exchange> = (0..2000).map(|_| random.exchange()).collect();
    let mut file = String::new();
    for record in &records {
        record.write(&mut file);
        file.push('\n');
    }
    assert_eq!(file.lines().count(), records.len());
    for (record, line) in records.iter().zip(ExchangeReader::new("log.jsonl", file.as_bytes())) {
        assert_eq!(line.as_ref(), Ok(record), "{}", record.to_json());
        assert!(serde_json::from_str::<serde_json::Value>(&record.to_json()).is_ok());
    }
}

#[test]
fn what_readers_do_not_know_is_ignored() {
    let json = exchange().to_json();
    let more = json.replacen("{", r#"{"new":[1,{"a":null}],"#, 1).replace(r#""status""#, r#""more":{},"status""#);
    assert_eq!(Exchange::from_json(&more), Ok(exchange()));
    let least = r#" {"at":"2026-03-04T05:06:07Z", "method":"GET", "target":"/", "request":{}} "#;
    let least = Exchange::from_json(least).unwrap();
    assert_eq!((least.status(), least.operation, least.request), (None, None, Message::default()));
}

#[test]
fn wrong_lines_are_located_and_reading_goes_on() {
    let good = exchange().to_json();
    let line = |from: &str, to: &str| good.replacen(from, to, 1);
    for (line, expected) in [
        ("{".to_owned(), "log.jsonl:2:1: EOF while parsing an object"),
        ("[]".to_owned(), "log.jsonl:2:1: invalid type: sequence, expected a map"),
        ("{}".to_owned(), "log.jsonl:2:1: `at` is missing"),
        (line(r#""GET""#, "null"), "log.jsonl:2:1: `method` is missing"),
        (line(r#""GET""#, "5"), "log.jsonl:2:142: `method` must be a string"),
        (line("1234", "-1"), "log.jsonl:2:189: `duration_us` must be a whole number"),
        (line("2026-03", "2026-13"), "log.jsonl:2:13: `at` must be a date-time in UTC"),
        (line(r#""v":1"#, r#""v":2"#), "log.jsonl:2:6: version 2 of exchanges is unknown; a newer apigen may read it"),
        (line(r#"{"headers":{"accept":"application/json"}}"#, "7"), "log.jsonl:2:204: `request` must be an object"),
        (
            line(r#"{"accept":"application/json"}"#, r#"{"ü":5}"#),
            "log.jsonl:2:220: header `ü` must be a string or an array of strings",
        ),
        (line(r#""status":200,"#, ""), "log.jsonl:2:257: `status` is missing"),
        (line(r#""json":"#, r#""text":"x","json":"#), "log.jsonl:2:257: a body is one of `json`, `text` and `base64`"),
        (line(r#""json":{"guid":"6513"}"#, r#""base64":"?""#), "log.jsonl:2:326: `base64` must be Base64"),
        (line(r#""side":"response""#, r#""side":"both""#), "log.jsonl:2:363: `side` is request or response"),
    ] {
        let file = format!("{good}\n{line}\n\n{good}\n");
        let read = read(file.as_bytes());
        assert_eq!(read, [Ok("GET".to_owned()), Err(expected.to_owned()), Ok("GET".to_owned())], "{line}");
    }
    let bytes = [good.as_bytes(), b"\n{\"\xff\"}\n", good.as_bytes()].concat();
    assert_eq!(read(&bytes)[1], Err("log.jsonl:2:3: the line is not UTF-8".to_owned()));
}

#[test]
fn a_line_that_was_cut_off_is_skipped_with_a_warning() {
    let good = exchange().to_json();
    for end in 1..good.len() {
        let file = format!("{good}\n{}", &good[..end]);
        let mut lines = ExchangeReader::new("log.jsonl", file.as_bytes());
        assert!(lines.next().is_some_and(|line| line.is_ok()));
        let problem = lines.next().unwrap().unwrap_err();
        assert!(problem.is_warning && problem.line == 2, "{problem}");
        assert!(problem.to_string().contains(": warning: the last line was cut off and is skipped: "), "{problem}");
        assert!(lines.next().is_none() && lines.next().is_none());
    }
    // The end of a line is not a part of the exchange.
    assert_eq!(read(format!("{good}\n{good}").as_bytes()).iter().filter(|line| line.is_ok()).count(), 2);
    assert_eq!(read(b""), []);
}

#[test]
fn mutated_lines_never_panic() {
    let (mut random, good) = (Random(3), exchange().to_json());
    for _ in 0..20_000 {
        let mut bytes = good.clone().into_bytes();
        for _ in 0..=random.below(3) {
            let at = random.below(bytes.len() as u64) as usize;
            match random.below(3) {
                0 => bytes[at] = random.below(256) as u8,
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, random.one(b"{}[]\",:\\0e\n")),
            }
        }
        drop(read(&bytes));
    }
    let deep = good.replace(r#"{"guid":"6513"}"#, &"[".repeat(1 << 20));
    assert!(read(deep.as_bytes())[0].is_err());
}

#[test]
fn a_journal_keeps_the_latest() {
    let journal = Journal::new(3, 1 << 20);
    for number in 0..5_u16 {
        let mut one = exchange();
        one.target = number.to_string();
        one.response.iter_mut().for_each(|response| response.status = 200 + number);
        one.operation = (number != 4).then_some(Cow::Borrowed("users.get"));
        journal.push(Arc::new(one));
    }
    let targets = |filter: JournalFilter| -> Vec<String> {
        journal.exchanges(&filter).iter().map(|exchange| exchange.target.clone()).collect()
    };
    let all = JournalFilter::default();
    assert_eq!(targets(all.clone()), ["4", "3", "2"]);
    assert_eq!(targets(JournalFilter { operation: Some(Some("users.get".to_owned())), ..all.clone() }), ["3", "2"]);
    assert_eq!(targets(JournalFilter { operation: Some(None), ..all.clone() }), ["4"]);
    assert_eq!(targets(JournalFilter { status: Some(203), ..all.clone() }), ["3"]);
    assert_eq!(targets(JournalFilter { limit: Some(1), ..all.clone() }), ["4"]);
    assert_eq!((journal.seen(), journal.dropped()), (5, 2));
    let json: serde_json::Value = serde_json::from_str(&journal.to_json(&all)).unwrap();
    assert_eq!((json["exchanges"].as_array().unwrap().len(), &json["dropped"]), (3, &2.into()));
    journal.clear();
    assert_eq!((journal.seen(), journal.dropped(), journal.size(), targets(all)), (0, 0, 0, vec![]));
}

/// The memory that exchanges take is bounded, whatever their size.
#[test]
fn a_journal_is_bounded_by_memory() {
    let most = 100_000;
    let (journal, mut random) = (Journal::new(1000, most), Random(1));
    for _ in 0..2000 {
        let mut one = exchange();
        one.target = "x".repeat(random.below(30_000) as usize);
        journal.push(Arc::new(one));
        let kept = journal.exchanges(&JournalFilter::default());
        let texts: usize = kept.iter().map(|exchange| exchange.target.len()).sum();
        assert!(texts < journal.size() && journal.size() <= most);
    }
    let before = journal.exchanges(&JournalFilter::default()).len();
    let mut large = exchange();
    large.request.body = Body::Binary(vec![0; most]);
    journal.push(Arc::new(large));
    assert_eq!(journal.exchanges(&JournalFilter::default()).len(), before, "it would have displaced all others");
    assert_eq!(journal.seen(), 2001);
    assert_eq!(journal.dropped() as usize, 2001 - before);
}

#[test]
fn the_size_of_an_exchange_includes_all_its_texts() {
    let plain = exchange().size();
    assert!(plain > size_of::<Exchange>() + "/users/6513?x=1".len());
    let mut random = Random(5);
    for _ in 0..500 {
        let one = random.exchange();
        // Quotes and escapes make JSON longer, never the value.
        let shared = one.service.len() + one.spec.len() + one.environment.as_ref().map_or(0, |name| name.len());
        let texts = one.method.len() + one.target.len() + one.operation.as_ref().map_or(0, |id| id.len());
        assert!(one.size() >= size_of::<Exchange>() + texts, "{shared}");
    }
}
