//! Tells tests whether `APIGEN_CORPUS` names a folder of API Builder documents: tests that need one are ignored without it.

fn main() {
    println!("cargo::rerun-if-env-changed=APIGEN_CORPUS");
    println!("cargo::rustc-check-cfg=cfg(corpus)");
    if std::env::var_os("APIGEN_CORPUS").is_some_and(|folder| std::path::Path::new(&folder).is_dir()) {
        println!("cargo::rustc-cfg=corpus");
    }
}
