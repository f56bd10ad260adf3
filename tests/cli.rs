//! Runs the shell sessions of `tests/cmd` against the built binary.

#[test]
fn shell_sessions_print_what_they_say() {
    trycmd::TestCases::new().case("tests/cmd/*.md").case("tests/cmd/*.trycmd").case("README.md");
}
