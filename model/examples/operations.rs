//! Prints every operation of a spec with its types: `cargo run -p apigen-model --example operations -- specs/location.json`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints")]

use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs};

use apigen_model::api::{Api, Code, Operation, Primitive, Role, Type};
use apigen_model::{Inputs, Source, load};

fn main() -> ExitCode {
    let Some(path) = env::args().nth(1).map(PathBuf::from) else {
        eprintln!("usage: operations SPEC");
        return ExitCode::from(2);
    };
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("{}: {error}", path.display());
            return ExitCode::from(2);
        }
    };
    let source = Source { name: path.display().to_string(), text, path: Some(path) };
    match load(Inputs { specs: vec![source], ..Inputs::default() }) {
        Ok(loaded) => {
            print(&loaded.api);
            ExitCode::SUCCESS
        }
        Err(report) => {
            eprint!("{}", report.render(false));
            ExitCode::FAILURE
        }
    }
}

fn print(api: &Api) {
    let requested = api.services.iter().filter(|(_, service)| service.role == Role::Requested);
    for operation in requested.flat_map(|(_, service)| &service.resources).flat_map(|resource| &resource.operations) {
        println!("{} {}", operation.method.as_str(), operation.path);
        for line in inputs(api, operation).chain(outputs(api, operation)) {
            println!("    {line}");
        }
    }
}

fn inputs<'a>(api: &'a Api, operation: &'a Operation) -> impl Iterator<Item = String> + 'a {
    let parameters = operation.parameters.iter().map(|parameter| {
        let optional = if parameter.required { "" } else { ", optional" };
        let (location, name) = (format!("{:?}", parameter.location).to_lowercase(), &parameter.name);
        format!("{location} {name}: {}{optional}", type_text(api, &parameter.ty))
    });
    parameters.chain(operation.body.iter().map(|body| format!("body: {}", type_text(api, &body.ty))))
}

fn outputs<'a>(api: &'a Api, operation: &'a Operation) -> impl Iterator<Item = String> + 'a {
    operation.responses.iter().map(|response| match response.code {
        Code::Status(status) => format!("{status}: {}", type_text(api, &response.ty)),
        Code::Default => format!("default: {}", type_text(api, &response.ty)),
    })
}

/// Formats a type as specs write it.
fn type_text(api: &Api, ty: &Type) -> String {
    match ty {
        Type::Primitive(Primitive::DateTime) => "date-time-iso8601".to_owned(),
        Type::Primitive(Primitive::Date) => "date-iso8601".to_owned(),
        Type::Primitive(primitive) => format!("{primitive:?}").to_lowercase(),
        Type::Enum(id) => api.enums[*id].name.clone(),
        Type::Model(id) => api.models[*id].name.clone(),
        Type::Union(id) => api.unions[*id].name.clone(),
        Type::List(inner) => format!("[{}]", type_text(api, inner)),
        Type::Map(inner) => format!("map[{}]", type_text(api, inner)),
    }
}
