//! Flags made of the table of options.

use apigen_build::manifest::{Given, Kind, SETTINGS, Setting, pair};
use apigen_build::{Config, Error};
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

/// What was given for the options that every command takes which reads specs.
#[derive(Debug, Clone)]
pub struct Reading(Options);

/// What was given for all options.
#[derive(Debug, Clone)]
pub struct Options(Vec<(&'static Setting, Given)>);

impl Options {
    /// Says it to a configuration, in the order of the table.
    pub fn apply(&self, config: Config) -> Result<Config, Error> {
        self.0.iter().try_fold(config, |config, (setting, given)| setting.apply(config, given.clone()))
    }

    /// The output folder, if one was given.
    pub fn out(&self) -> Option<&str> {
        self.0.iter().find_map(|(setting, given)| match given {
            Given::Text(text) if setting.name == "out" => Some(text.as_str()),
            _ => None,
        })
    }

    /// The same as text, which is equal if and only if the options are.
    pub fn text(&self) -> String {
        self.0.iter().map(|(setting, given)| format!("{} {given:?}\n", setting.name)).collect()
    }
}

impl Reading {
    /// A configuration that says so.
    pub fn config(&self) -> Result<Config, Error> {
        self.apply(Config::new())
    }

    /// Says it to a configuration.
    pub fn apply(&self, config: Config) -> Result<Config, Error> {
        self.0.apply(config)
    }
}

impl Args for Options {
    fn augment_args(command: Command) -> Command {
        SETTINGS.iter().fold(command, |command, setting| command.arg(flag(setting)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl Args for Reading {
    fn augment_args(command: Command) -> Command {
        SETTINGS.iter().filter(|setting| setting.reading).fold(command, |command, setting| command.arg(flag(setting)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Options {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Options(SETTINGS.iter().filter_map(|setting| Some((setting, given(setting, matches)?))).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl FromArgMatches for Reading {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let settings = SETTINGS.iter().filter(|setting| setting.reading);
        Ok(Reading(Options(settings.filter_map(|setting| Some((setting, given(setting, matches)?))).collect())))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn flag(setting: &Setting) -> Arg {
    let several = matches!(setting.kind, Kind::Texts | Kind::Paths | Kind::Pairs(..) | Kind::Packages(_));
    let about = format!("{}{}", setting.about, if several { ". Can be repeated" } else { "" });
    let arg = Arg::new(setting.name).long(setting.name).help(about);
    let arg = if setting.name == "out" { arg.short('o') } else { arg };
    let arg = if setting.name == "name" { arg.conflicts_with("crate") } else { arg };
    match setting.kind {
        Kind::Flag => arg.action(ArgAction::SetTrue),
        Kind::Text => arg.value_name("TEXT"),
        Kind::Path => arg.value_name("PATH"),
        Kind::Choice(choices) => arg.value_name("CHOICE").value_parser(choices.to_vec()),
        Kind::Texts => arg.value_name("TEXT").action(ArgAction::Append),
        Kind::Paths => arg.value_name("PATH").action(ArgAction::Append),
        Kind::Packages(example) => {
            arg.value_name("NAME=VERSION").action(ArgAction::Append).value_parser(move |text: &str| pair(text, example))
        }
        Kind::Pairs(names, example) => {
            arg.value_name(names).action(ArgAction::Append).value_parser(move |text: &str| pair(text, example))
        }
    }
}

fn given(setting: &Setting, matches: &ArgMatches) -> Option<Given> {
    let text = |text: &String| text.clone();
    match setting.kind {
        Kind::Flag => matches.get_flag(setting.name).then_some(Given::Flag(true)),
        Kind::Text | Kind::Path | Kind::Choice(_) => matches.get_one::<String>(setting.name).map(text).map(Given::Text),
        Kind::Texts | Kind::Paths => {
            matches.get_many::<String>(setting.name).map(|texts| Given::Texts(texts.map(text).collect()))
        }
        Kind::Pairs(..) | Kind::Packages(_) => {
            matches.get_many::<(String, String)>(setting.name).map(|pairs| Given::Pairs(pairs.cloned().collect()))
        }
    }
}
