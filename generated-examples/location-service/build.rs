//! Generates the client of the location service, and what a server of it implements.

fn main() -> Result<(), apigen::Error> {
    apigen::Config::new().spec("specs/location.json").server(apigen::Include::Always).generate()
}
