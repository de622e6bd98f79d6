//! Flags for settings, made from the list in [`crate::config`].

use std::marker::PhantomData;
use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command, FromArgMatches};

use super::Failure;
use crate::config::{Config, FILE_VARIABLE, SETTINGS, Setting};

/// Says which settings a command has flags for.
pub(super) trait Choice: 'static {
    /// Whether a setting is one of them.
    fn has(setting: &Setting) -> bool;
}

/// The settings given by flags.
#[derive(Debug)]
pub(super) struct Flags<C> {
    file: Option<PathBuf>,
    values: Vec<(&'static Setting, String)>,
    choice: PhantomData<C>,
}

impl<C: Choice> Flags<C> {
    /// The configuration from these flags, the environment and the file.
    pub(super) fn load(&self) -> Result<Config, Failure> {
        Config::load(self.file.as_deref(), std::env::vars_os(), &self.values)
            .map_err(Failure::because)
    }

    fn chosen() -> impl Iterator<Item = &'static Setting> {
        SETTINGS.iter().filter(|setting| setting.has_flag() && C::has(setting))
    }
}

impl<C: Choice> clap::Args for Flags<C> {
    fn augment_args(command: Command) -> Command {
        let defaults = Config::default();
        let file = Arg::new("config")
            .long("config")
            .value_name("FILE")
            .value_parser(clap::value_parser!(PathBuf))
            .help(format!("A TOML file of settings [env: {FILE_VARIABLE}]"))
            .help_heading("Configuration");
        Self::chosen().fold(command.arg(file), |command, setting| {
            let default = setting.show(&defaults);
            let default =
                if default.is_empty() { String::new() } else { format!("default: {default}, ") };
            command.arg(
                Arg::new(setting.key)
                    .long(setting.flag_name())
                    .visible_aliases(setting.flag_alias())
                    .value_name(setting.value_name())
                    .help(format!("{} [{default}env: {}]", setting.help, setting.variable()))
                    .help_heading(setting.group)
                    .allow_hyphen_values(true),
            )
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<C: Choice> FromArgMatches for Flags<C> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let values = Self::chosen()
            .filter_map(|setting| Some((setting, matches.get_one::<String>(setting.key)?.clone())));
        Ok(Self {
            file: matches.get_one::<PathBuf>("config").cloned(),
            values: values.collect(),
            choice: PhantomData,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
