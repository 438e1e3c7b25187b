const MAJOR: u32 = number(env!("CARGO_PKG_VERSION_MAJOR"));
const MINOR: u32 = number(env!("CARGO_PKG_VERSION_MINOR"));

/// Stops compilation when code was generated for another `major.minor` of this crate than the one it is compiled with.
///
/// Generated modules evaluate it in a constant:
///
/// ```
/// const _: () = apigen_runtime::assert_version(0, 1);
/// ```
///
/// ```compile_fail
/// const _: () = apigen_runtime::assert_version(0, 99);
/// ```
pub const fn assert_version(major: u32, minor: u32) {
    assert!(
        major == MAJOR && minor == MINOR,
        concat!(
            "this code was generated for another version of apigen-runtime than ",
            env!("CARGO_PKG_VERSION"),
            ": use the same version of apigen and apigen-runtime, and generate it again"
        )
    );
}

const fn number(text: &str) -> u32 {
    match u32::from_str_radix(text, 10) {
        Ok(number) => number,
        Err(_) => u32::MAX,
    }
}
