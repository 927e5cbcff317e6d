//! The binary `mmp`: everything is in the library beside it.

fn main() -> std::process::ExitCode {
    mmp::run()
}
