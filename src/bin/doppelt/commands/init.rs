//! `doppelt init`: settings and a CI check to begin with.

use crate::failure::{Exit, Failure};
use crate::output;
use clap::{Args, ValueEnum, ValueHint};
use std::path::{Path, PathBuf};

const SETTINGS: &str = include_str!("../templates/doppelt.toml");
const GITHUB: &str = include_str!("../templates/github.yml");
const GITLAB: &str = include_str!("../templates/gitlab.yml");

/// The flags of `doppelt init`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The folder of texts that is watched, told from the top of the repository
    #[arg(default_value = ".", value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    folder: PathBuf,
    /// Which CI to write a check for
    #[arg(long, value_enum, default_value = "github")]
    ci: Ci,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Ci {
    /// .github/workflows/doppelt.yml
    Github,
    /// doppelt.gitlab-ci.yml, to be included
    Gitlab,
    /// Settings only
    None,
}

/// Writes the files that are missing; what is there already is never touched.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let folder = arguments
        .folder
        .to_str()
        .filter(|folder| !folder.chars().any(char::is_control) && !folder.contains("${{"));
    let folder =
        folder.ok_or_else(|| Failure::new("the name of the folder cannot be written into a file"))?;
    if !arguments.folder.is_dir() {
        return Err(Failure::new(format!("{folder} is no folder")).hint("name the folder of texts to watch"));
    }
    let mut files = vec![(Path::new("doppelt.toml"), SETTINGS.to_owned())];
    match arguments.ci {
        Ci::Github => files.push((Path::new(".github/workflows/doppelt.yml"), filled(GITHUB, folder))),
        Ci::Gitlab => files.push((Path::new("doppelt.gitlab-ci.yml"), filled(GITLAB, folder))),
        Ci::None => {}
    }
    let (there, missing): (Vec<_>, Vec<_>) = files.into_iter().partition(|(path, _)| path.exists());
    let named: Vec<String> = there.iter().map(|(path, _)| path.display().to_string()).collect();
    if missing.is_empty() {
        let verb = if named.len() == 1 { "is" } else { "are" };
        return Err(Failure::new(format!("{} {verb} there already", named.join(" and ")))
            .hint("nothing was written; remove what is to be written anew"));
    }
    let mut told: String = named.iter().map(|path| format!("left {path} as it is\n")).collect();
    for (path, text) in &missing {
        if let Some(above) = path.parent().filter(|above| *above != Path::new("")) {
            std::fs::create_dir_all(above)
                .map_err(|error| Failure::io("make the folder", above.display(), &error))?;
        }
        output::write(Some(path), |out| out.write_all(text.as_bytes()))?;
        told += &format!("wrote {}\n", path.display());
    }
    told += "to accept what is there now: doppelt baseline create ";
    told += &format!("{}\n", doppelt::report::visible(folder));
    output::write(None, |out| out.write_all(told.as_bytes()))?;
    Ok(Exit::Done)
}

/// A template for this folder and this version.
fn filled(template: &str, folder: &str) -> String {
    // A JSON string is a YAML string, whatever it holds.
    let folder = serde_json::Value::from(folder).to_string();
    template.replace("VERSION", env!("CARGO_PKG_VERSION")).replace("FOLDER", &folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn the_settings_are_valid_as_they_are_and_with_every_default_named() {
        assert!(toml::from_str::<Config>(SETTINGS).is_ok());
        let named: String = SETTINGS
            .lines()
            .map(|line| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line))
            .map(|line| format!("{line}\n"))
            .collect();
        let config: Config = toml::from_str(&named).unwrap();
        assert_eq!((config.threshold, config.shingle, config.min_run), (Some(0.8), Some(5), Some(50)));
        assert_eq!(config.severity.unwrap().len(), 5);
    }

    #[test]
    fn no_name_of_a_folder_breaks_out_of_the_workflow() {
        let workflow = filled(GITHUB, "a\" b: $(x)");
        assert!(workflow.contains(r#"CORPUS: "a\" b: $(x)""#));
    }
}
