//! Flags derived from the table of options.

use apigen_build::manifest::{OPTIONS, OptionKind, OptionSpec, OptionValue, pair};
use apigen_build::{Config, Error};
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

/// The values of options, of all or of those that all commands that read specs accept.
#[derive(Debug, Clone)]
pub struct Values<const READING: bool>(Vec<(&'static OptionSpec, OptionValue)>);

pub type Options = Values<false>;
pub type Reading = Values<true>;

impl<const READING: bool> Values<READING> {
    /// Applies them to a configuration, in the order of the table.
    pub fn apply(&self, config: Config) -> Result<Config, Error> {
        self.0.iter().try_fold(config, |config, (option, given)| option.apply(config, given.clone()))
    }

    pub fn out(&self) -> Option<&str> {
        self.0.iter().find_map(|(option, given)| match given {
            OptionValue::Text(text) if option.name == "out" => Some(text.as_str()),
            _ => None,
        })
    }

    /// Returns a text that is equal if and only if the options are.
    pub fn text(&self) -> String {
        self.0.iter().map(|(option, given)| format!("{} {given:?}\n", option.name)).collect()
    }
}

fn accepted(reading: bool) -> impl Iterator<Item = &'static OptionSpec> {
    OPTIONS.iter().filter(move |option| option.reading || !reading)
}

impl<const READING: bool> Args for Values<READING> {
    fn augment_args(command: Command) -> Command {
        accepted(READING).fold(command, |command, option| command.arg(flag(option)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<const READING: bool> FromArgMatches for Values<READING> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Values(accepted(READING).filter_map(|option| Some((option, given(option, matches)?))).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn flag(option: &OptionSpec) -> Arg {
    let several =
        matches!(option.kind, OptionKind::Texts | OptionKind::Paths | OptionKind::Pairs(..) | OptionKind::Packages(_));
    let about = format!("{}{}", option.about, if several { ". Can be repeated" } else { "" });
    let arg = Arg::new(option.name).long(option.name).help(about);
    let arg = if option.name == "out" { arg.short('o') } else { arg };
    let arg = if option.name == "name" { arg.conflicts_with("crate") } else { arg };
    match option.kind {
        OptionKind::Flag => arg.action(ArgAction::SetTrue),
        OptionKind::Text => arg.value_name("TEXT"),
        OptionKind::Path => arg.value_name("PATH"),
        OptionKind::Choice(choices) => arg.value_name("CHOICE").value_parser(choices.to_vec()),
        OptionKind::Texts => arg.value_name("TEXT").action(ArgAction::Append),
        OptionKind::Paths => arg.value_name("PATH").action(ArgAction::Append),
        OptionKind::Packages(example) => pairs(arg, "NAME=VERSION", example),
        OptionKind::Pairs(names, example) => pairs(arg, names, example),
    }
}

fn pairs(arg: Arg, names: &'static str, example: &'static str) -> Arg {
    arg.value_name(names).action(ArgAction::Append).value_parser(move |text: &str| pair(text, example))
}

fn given(option: &OptionSpec, matches: &ArgMatches) -> Option<OptionValue> {
    let text = |text: &String| text.clone();
    match option.kind {
        OptionKind::Flag => matches.get_flag(option.name).then_some(OptionValue::Flag(true)),
        OptionKind::Text | OptionKind::Path | OptionKind::Choice(_) => {
            matches.get_one::<String>(option.name).map(text).map(OptionValue::Text)
        }
        OptionKind::Texts | OptionKind::Paths => {
            matches.get_many::<String>(option.name).map(|texts| OptionValue::Texts(texts.map(text).collect()))
        }
        OptionKind::Pairs(..) | OptionKind::Packages(_) => {
            matches.get_many::<(String, String)>(option.name).map(|pairs| OptionValue::Pairs(pairs.cloned().collect()))
        }
    }
}
