//! What is read from files: every case of the tables that the page's readers read too, and files that were damaged on their way.

mod cases;
mod damaged;
mod hostile;
mod picture_cases;
#[path = "../../examples/picture_files/mod.rs"]
mod picture_files;
#[path = "../../examples/run/pictures.rs"]
mod pictures;
mod point_cases;
#[path = "../../examples/points/mod.rs"]
#[allow(dead_code, reason = "tests open no path and have no command line")]
mod points;
