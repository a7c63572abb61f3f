//! Firefox and WebKit, in which the tests repeat a visit.

use crate::setup;

/// Whose tests need it, what it may be called, and the package that brings it.
const PROGRAMS: [(&str, &[&str], &str); 3] = [
    ("Firefox", &["firefox-esr", "firefox"], "firefox-esr"),
    ("WebKit", &["WebKitWebDriver"], "webkit2gtk-driver"),
    ("WebKit", &["Xvfb"], "xvfb"),
];

/// Without one of them, its tests are skipped and say so.
pub fn find_or_install() {
    for (name, programs, package) in PROGRAMS {
        if programs.iter().any(|program| setup::on_path(program).is_some()) || !setup::is_debian_root() {
            continue;
        }
        if let Err(error) = setup::apt_install(package) {
            eprintln!("note: {error:#}; the tests in {name} are skipped");
        }
    }
}
