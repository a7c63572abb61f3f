//! Firefox and WebKit, in which the tests repeat a visit.

use crate::setup;

/// What the tests look for, and the packages that bring it.
const PROGRAMS: [(&str, &[&str], &[&str]); 2] = [
    ("Firefox", &["firefox-esr", "firefox"], &["firefox-esr"]),
    ("WebKit", &["WebKitWebDriver"], &["webkit2gtk-driver", "xvfb"]),
];

/// Without one of them, its tests are skipped and say so.
pub fn find_or_install() {
    for (name, programs, packages) in PROGRAMS {
        if programs.iter().any(|program| setup::is_on_path(program)) || !setup::is_debian_root() {
            continue;
        }
        for package in packages {
            if let Err(error) = setup::apt_install(package) {
                eprintln!("note: {error:#}; the tests in {name} are skipped");
            }
        }
    }
}
