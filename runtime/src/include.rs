/// Includes the module that a build script generated: `apigen_runtime::include_api!("location")` stands for the
/// content of `$OUT_DIR/location/mod.rs`.
///
/// Give it a module of its own:
///
/// ```ignore
/// pub mod location { apigen_runtime::include_api!("location"); }
/// ```
#[macro_export]
macro_rules! include_api {
    ($name:literal) => {
        include!(concat!(env!("OUT_DIR"), "/", $name, "/mod.rs"));
    };
}
