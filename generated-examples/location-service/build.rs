//! Generates the client of the location service.

fn main() -> Result<(), apigen::Error> {
    apigen::Config::new().spec("../../specs/location.json").generate()
}
