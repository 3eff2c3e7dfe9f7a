//! Builds the web app, so that `cargo run` needs nothing but Rust and Node. The result is kept by a
//! hash of its sources, so that debug, release and clippy do not each build it.
use std::{
    collections::hash_map::DefaultHasher,
    env, fs,
    hash::{Hash, Hasher},
    path::{Path, PathBuf},
    process::Command,
};

/// What the app is built from.
const SOURCES: [&str; 10] = [
    "src",
    "static",
    "scripts/fonts.mjs",
    "scripts/finish.mjs",
    "package.json",
    "package-lock.json",
    "svelte.config.js",
    "vite.config.ts",
    "tsconfig.json",
    ".npmrc",
];

fn main() {
    println!("cargo::rerun-if-env-changed=DEMARCHE_SKIP_FRONTEND");
    println!("cargo::rerun-if-env-changed=DEMARCHE_FRONTEND_DIST");
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rerun-if-changed=pages");
    println!("cargo::rerun-if-changed=frameworks");
    let dist = if env::var_os("DEMARCHE_SKIP_FRONTEND").is_some_and(|skip| skip == "1") {
        let empty =
            PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("no-frontend");
        fs::create_dir_all(&empty).expect("OUT_DIR can be written");
        Ok(empty)
    } else if let Some(built) = env::var_os("DEMARCHE_FRONTEND_DIST") {
        Ok(built.into())
    } else {
        built()
    };
    match dist {
        Ok(dist) => println!("cargo::rustc-env=DEMARCHE_FRONTEND={}", dist.display()),
        Err(mend) => println!("cargo::error={mend}"),
    }
}

fn built() -> Result<PathBuf, String> {
    let root =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let frontend = root.join("frontend");
    let mut hasher = DefaultHasher::new();
    for source in SOURCES {
        println!("cargo::rerun-if-changed=frontend/{source}");
        hash(&frontend.join(source), &mut hasher);
    }
    let dist = frontend
        .join("node_modules/.demarche")
        .join(format!("{:016x}", hasher.finish()));
    if dist.join("index.html").exists() {
        return Ok(dist);
    }
    node_is_new_enough()?;
    install(&frontend)?;
    run(&frontend, &["run", "build"])?;
    // Another build may have put it there meanwhile: the same sources give the same result.
    fs::create_dir_all(dist.parent().expect("it has one")).map_err(|error| error.to_string())?;
    copy(&frontend.join("build"), &dist)
        .map_err(|error| format!("the built web app could not be kept: {error}"))?;
    Ok(dist)
}

fn hash(path: &Path, into: &mut DefaultHasher) {
    if path.is_dir() {
        let mut entries: Vec<PathBuf> = fs::read_dir(path)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .collect();
        entries.sort();
        entries.iter().for_each(|entry| hash(entry, into));
    } else if let Ok(bytes) = fs::read(path) {
        path.hash(into);
        bytes.hash(into);
    }
}

fn node_is_new_enough() -> Result<(), String> {
    let mend = "the web app needs Node 20.19 or newer: install it, or set DEMARCHE_SKIP_FRONTEND=1 to build the API alone";
    let output = Command::new("node")
        .arg("--version")
        .output()
        .map_err(|_| mend.to_owned())?;
    let version = String::from_utf8_lossy(&output.stdout)
        .trim()
        .trim_start_matches('v')
        .to_owned();
    let mut parts = version
        .split('.')
        .map(|part| part.parse::<u32>().unwrap_or(0));
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if found >= (20, 19) {
        Ok(())
    } else {
        Err(format!("{mend} (found {version})"))
    }
}

/// `npm ci`, only when the lock changed since the last time.
fn install(frontend: &Path) -> Result<(), String> {
    let lock = fs::read(frontend.join("package-lock.json"))
        .map_err(|error| format!("package-lock.json: {error}"))?;
    let stamp = frontend.join("node_modules/.demarche-lock");
    if fs::read(&stamp).is_ok_and(|last| last == lock) {
        return Ok(());
    }
    run(frontend, &["ci", "--no-audit", "--no-fund"])?;
    fs::write(stamp, lock).map_err(|error| error.to_string())
}

fn run(frontend: &Path, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new("npm")
        .args(arguments)
        .current_dir(frontend)
        .output()
        .map_err(|error| format!("npm could not be started: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).replace('\n', " | ");
    Err(format!("npm {} failed: {said}", arguments.join(" ")))
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?
        } else {
            fs::copy(entry.path(), target).map(|_| ())?
        }
    }
    Ok(())
}
