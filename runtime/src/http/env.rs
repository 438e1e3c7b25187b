use std::ffi::OsString;

/// Base URL, API key and the name of the environment, as variables of the process have them.
pub(super) fn read(prefix: &str, variable: &dyn Fn(&str) -> Option<OsString>) -> Result<[Option<String>; 3], String> {
    let read = |name: String| match variable(&name).filter(|value| !value.is_empty()) {
        Some(value) => {
            value.into_string().map(Some).map_err(|_| format!("the environment variable {name} is not Unicode"))
        }
        None => Ok(None),
    };
    Ok([read(format!("{prefix}_URL"))?, read(format!("{prefix}_API_KEY"))?, read(format!("{prefix}_ENVIRONMENT"))?])
}
