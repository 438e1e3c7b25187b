//! Where a spec declares the rules that messages violate.

use std::collections::HashMap;
use std::sync::Arc;

use apigen_model::Loaded;
use apigen_model::api::{Api, Field, Header, Id, Location, Operation, Response, Role, Service, Type};
use apigen_model::behaviour::operation_ids;
use apigen_model::diagnostic::Report;
use apigen_model::source::json::Span;

use crate::finding::{Code, Fault, Finding, SpecPlace};

/// The files and lines of the elements of a spec.
#[derive(Debug)]
pub struct SpecPlaces {
    /// By their IDs.
    operations: HashMap<String, OperationPlaces>,
    /// The fields of each model.
    models: Vec<Vec<Element>>,
    unions: Vec<Union>,
    enums: Vec<Option<SpecPlace>>,
}

/// Something with a name and a type.
#[derive(Debug)]
struct Element {
    name: String,
    place: Option<SpecPlace>,
    ty: Type,
}

#[derive(Debug)]
struct Union {
    place: Option<SpecPlace>,
    members: Vec<Type>,
}

#[derive(Debug)]
struct OperationPlaces {
    place: Option<SpecPlace>,
    parameters: Vec<(Location, Element)>,
    body: Option<(Option<SpecPlace>, Type)>,
    responses: Vec<ResponsePlaces>,
}

#[derive(Debug)]
struct ResponsePlaces {
    status: Option<u16>,
    place: Option<SpecPlace>,
    ty: Type,
    headers: Vec<Element>,
}

/// Returns the places of positions in the document of a service.
struct Places<'a> {
    report: &'a Report,
    services: HashMap<Id<Service>, Arc<str>>,
    api: &'a Api,
}

impl Places<'_> {
    fn place(&self, service: Id<Service>, at: Span) -> Option<SpecPlace> {
        let (_, line) = self.report.place(self.api.services[service].document, at)?;
        Some(SpecPlace { file: Arc::clone(self.services.get(&service)?), line })
    }

    fn field(&self, service: Id<Service>, field: &Field) -> Element {
        Element { name: field.name.clone(), place: self.place(service, field.at), ty: field.ty.clone() }
    }

    fn header(&self, service: Id<Service>, header: &Header) -> Element {
        Element { name: header.name.clone(), place: self.place(service, header.at), ty: header.ty.clone() }
    }

    fn operation(&self, service: Id<Service>, own: &Operation) -> OperationPlaces {
        let parameters = own.parameters.iter().map(|parameter| {
            let place = self.place(service, parameter.at).or_else(|| self.place(service, own.at));
            (parameter.location, Element { name: parameter.name.clone(), place, ty: parameter.ty.clone() })
        });
        let response = |response: &Response| ResponsePlaces {
            status: response.code.status(),
            place: self.place(service, response.at).or_else(|| self.place(service, own.at)),
            ty: response.ty.clone(),
            headers: response.headers.iter().map(|header| self.header(service, header)).collect(),
        };
        OperationPlaces {
            place: self.place(service, own.at),
            parameters: parameters.collect(),
            body: own.body.as_ref().map(|body| (self.place(service, body.at), body.ty.clone())),
            responses: own.responses.iter().map(response).collect(),
        }
    }
}

impl SpecPlaces {
    /// Collects the places of all elements.
    pub fn new(loaded: &Loaded) -> SpecPlaces {
        let Loaded { api, report, .. } = loaded;
        // A position that is not empty gives the name of the document.
        let begin = Span { start: 0, end: 1 };
        let names = api.services.iter().filter_map(|(id, service)| {
            let (name, _) = report.place(service.document, begin)?;
            Some((id, name.into()))
        });
        let places = Places { report, services: names.collect(), api };
        let requested = api.services.iter().filter(|(_, service)| service.role == Role::Requested);
        let operations = requested.flat_map(|(id, service)| {
            let resources = service.resources.iter().zip(operation_ids(service));
            let places = &places;
            resources.flat_map(move |(resource, ids)| {
                resource.operations.iter().zip(ids).map(move |(own, name)| (name, places.operation(id, own)))
            })
        });
        let unions = api.unions.iter().map(|(_, union)| Union {
            place: places.place(union.service, union.at),
            members: union.members.iter().map(|member| member.ty.clone()).collect(),
        });
        let models = api.models.iter();
        SpecPlaces {
            operations: operations.collect(),
            models: models.map(|(_, m)| m.fields.iter().map(|f| places.field(m.service, f)).collect()).collect(),
            unions: unions.collect(),
            enums: api.enums.iter().map(|(_, own)| places.place(own.service, own.at)).collect(),
        }
    }

    /// Returns the place that declares what a finding is about; `status` is that of the response. The place of the operation
    /// if nothing more is known.
    pub fn place(&self, finding: &Finding, status: Option<u16>) -> Option<SpecPlace> {
        let operation = self.operations.get(finding.operation.as_deref()?)?;
        let found = match (finding.location?, finding.fault) {
            ("body", Fault::Client) => operation.body.as_ref().and_then(|(place, ty)| {
                let steps = finding.pointer.split('/').skip(1);
                self.within(place.clone(), ty, steps, finding.code)
            }),
            ("body", _) => operation.response(status).and_then(|response| {
                let steps = finding.pointer.split('/').skip(1);
                self.within(response.place.clone(), &response.ty, steps, finding.code)
            }),
            ("header", Fault::Server) => operation.response(status).and_then(|response| {
                let name = finding.pointer.split('/').nth(1)?;
                let header = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
                header.map_or(response.place.clone(), |header| header.place.clone())
            }),
            ("status", _) => operation.place.clone(),
            (location, _) => {
                let mut steps = finding.pointer.split('/').skip(1);
                let name = unescaped(steps.next()?);
                let mut own = operation.parameters.iter().filter(|(at, _)| word(*at) == location);
                let same = |(at, element): &&(Location, Element)| match at {
                    Location::Header => element.name.eq_ignore_ascii_case(&name),
                    _ => element.name == name,
                };
                let (_, element) = own.find(same)?;
                self.within(element.place.clone(), &element.ty, steps, finding.code)
            }
        };
        found.or_else(|| operation.place.clone())
    }

    /// Follows a pointer through types, as far as they declare it.
    fn within<'p>(
        &self,
        place: Option<SpecPlace>,
        ty: &Type,
        steps: impl Iterator<Item = &'p str>,
        code: Code,
    ) -> Option<SpecPlace> {
        let (mut place, mut ty) = (place, ty);
        for step in steps.map(unescaped) {
            let found = match ty {
                Type::List(inner) | Type::Map(inner) => {
                    ty = inner;
                    continue;
                }
                Type::Model(id) => self.field(*id, &step),
                Type::Union(id) => self.member(*id, &step),
                Type::Primitive(_) | Type::Enum(_) => None,
            };
            let Some(field) = found else { break };
            (place, ty) = (field.place.clone().or(place), &field.ty);
        }
        let of_type = match ty {
            Type::Enum(id) if code == Code::ENUM => self.enums.get(id.index())?.clone(),
            Type::Union(id) if [Code::MEMBER, Code::DISCRIMINATOR].contains(&code) => {
                self.unions.get(id.index())?.place.clone()
            }
            _ => None,
        };
        of_type.or(place)
    }

    fn field(&self, model: Id<apigen_model::api::Model>, name: &str) -> Option<&Element> {
        self.models.get(model.index())?.iter().find(|field| field.name == name)
    }

    /// Returns the first field of this name in a member of a union: the pointer does not say which member it is.
    fn member(&self, union: Id<apigen_model::api::Union>, name: &str) -> Option<&Element> {
        // Unions never contain themselves.
        self.unions.get(union.index())?.members.iter().find_map(|member| match member {
            Type::Model(id) => self.field(*id, name),
            Type::Union(id) => self.member(*id, name),
            _ => None,
        })
    }
}

impl OperationPlaces {
    fn response(&self, status: Option<u16>) -> Option<&ResponsePlaces> {
        let listed = self.responses.iter().find(|own| own.status.is_some() && own.status == status);
        listed.or_else(|| self.responses.iter().find(|own| own.status.is_none()))
    }
}

fn word(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Form => "form",
        Location::Header => "header",
    }
}

fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use apigen_model::behaviour::SensitiveAnnotations;
    use apigen_model::{Inputs, Source, load};
    use apigen_runtime::Mode;
    use apigen_runtime::http::{Request, Response};
    use apigen_runtime::validate::{MessageViolations, RequestError};

    use super::*;

    const SPEC: &str = r#"{
  "name": "Library",
  "enums": {
    "genre": { "values": [{ "name": "novel" }] }
  },
  "unions": {
    "part": { "discriminator": "kind", "types": [{ "type": "chapter" }] }
  },
  "models": {
    "book": {
      "fields": [
        { "name": "title", "type": "string", "minimum": 1 },
        { "name": "genre", "type": "genre" },
        { "name": "parts", "type": "[part]" },
        { "name": "more", "type": "map[chapter]", "required": false }
      ]
    },
    "chapter": {
      "fields": [
        { "name": "pages", "type": "integer" }
      ]
    }
  },
  "resources": {
    "book": {
      "operations": [
        {
          "method": "POST",
          "path": "/:shelf",
          "parameters": [
            { "name": "shelf", "type": "long" },
            { "name": "limit", "type": "integer" }
          ],
          "body": {
            "type": "book"
          },
          "responses": {
            "200": {
              "type": "book",
              "headers": [
                { "name": "X-Count", "type": "string" }
              ]
            }
          }
        },
        {
          "method": "GET",
          "path": "/:id"
        }
      ]
    }
  }
}"#;

    fn places(list: Option<MessageViolations>, fault: Fault, places: &SpecPlaces, id: &'static str) -> Vec<String> {
        let findings = list.into_iter().flatten().map(|one| Finding::of_violation(Some(id), fault, &one));
        let found = findings.map(|finding| {
            let place = places.place(&finding, Some(200)).map_or_else(|| "?".to_owned(), |place| place.to_string());
            format!("{} {} {place}", finding.code, finding.pointer)
        });
        found.collect()
    }

    #[test]
    fn violations_have_the_line_of_their_rule() {
        let source = Source { name: "specs/library.json".to_owned(), text: SPEC.to_owned(), path: None };
        let loaded = load(Inputs { specs: vec![source], ..Inputs::default() }).unwrap();
        let schema = Arc::new(crate::schema(&loaded.api, &SensitiveAnnotations::default()).unwrap());
        let known = SpecPlaces::new(&loaded);
        let line = |text: &str| SPEC.lines().position(|line| line.contains(text)).unwrap() + 1;
        let at = |code: &str, pointer: &str, text: &str| format!("{code} {pointer} specs/library.json:{}", line(text));
        let body =
            r#"{"title":"","genre":"poem","parts":[{"kind":"chapter","pages":"x"},{"kind":"index"}],"more":{"x":{}}}"#;
        let in_body = [
            at("V811", "/title", r#""name": "title""#),
            at("V808", "/genre", r#""genre": {"#),
            at("V803", "/parts/0/pages", r#""name": "pages""#),
            at("V810", "/parts/1/kind", r#""part": {"#),
            at("V806", "/more/x/pages", r#""name": "pages""#),
        ];
        let request = Request::builder().method("POST").uri("/books/one").body(body).unwrap();
        let Err(RequestError::Invalid(wrong)) = schema.request(&request, &Mode::strict()) else { panic!() };
        let id = schema.operations()[0].info().id;
        let mut expected = in_body.to_vec();
        expected.insert(0, at("V804", "/shelf", r#""name": "shelf""#));
        expected.insert(1, at("V806", "/limit", r#""name": "limit""#));
        let mut found = places(Some(wrong), Fault::Client, &known, id);
        found.sort();
        expected.sort();
        assert_eq!(found, expected);
        let response = Response::builder().header("x-count", "1").body(body).unwrap();
        let wrong = schema.response(&schema.operations()[0], &response, &Mode::strict()).unwrap_err();
        assert_eq!(places(Some(wrong), Fault::Server, &known, id), in_body);
        let response = Response::builder().status(500).body("").unwrap();
        let wrong = schema.response(&schema.operations()[0], &response, &Mode::strict()).unwrap_err();
        assert_eq!(places(Some(wrong), Fault::Server, &known, id), [at("V813", "", r#""method": "POST""#)]);
        let response = Response::builder().body("[]").unwrap();
        let wrong = schema.response(&schema.operations()[0], &response, &Mode::strict()).unwrap_err();
        let expected = [at("V806", "/X-Count", "X-Count"), at("V803", "", r#""200": {"#)];
        assert_eq!(places(Some(wrong), Fault::Server, &known, id), expected);
    }

    /// A parameter that only the path declares has the line of its operation.
    #[test]
    fn inferred_parameters_have_a_line() {
        let source = Source { name: "library.json".to_owned(), text: SPEC.to_owned(), path: None };
        let loaded = load(Inputs { specs: vec![source], ..Inputs::default() }).unwrap();
        let known = SpecPlaces::new(&loaded);
        let id = "books.get_by_id";
        let finding = Finding {
            location: Some("path"),
            pointer: "/id".to_owned(),
            ..Finding::new(Code::FORMAT, Fault::Client, "")
        };
        let line = SPEC.lines().position(|line| line.contains(r#""GET""#)).unwrap();
        let place = known.place(&finding.clone().of_operation(id), None).unwrap();
        assert!((line..=line + 2).contains(&place.line), "{place}");
        assert_eq!(known.place(&finding.clone().of_operation("books.nowhere"), None), None);
        assert_eq!(known.place(&finding, None), None);
    }
}
