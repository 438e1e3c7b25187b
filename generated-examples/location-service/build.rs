//! Generates the client of the location service, and what a server of it implements.

fn main() -> Result<(), apigen_build::Error> {
    apigen_build::Config::new().spec("specs/location.json").server(apigen_build::Emit::Always).generate()
}
