//! The commands: one file each, and one line here.
//!
//! A command reads its arguments, asks the client, and hands what it is told to `output`.

use crate::{context::Context, error::Outcome, opening::Opening};

/// A command, for those who only want the one that is named: the arguments of the others are not even put together, which
/// would take longer than everything else that a client does.
#[derive(Debug)]
pub(crate) struct Named(pub(crate) Command);

impl clap::FromArgMatches for Named {
    fn from_arg_matches(matches: &clap::ArgMatches) -> Result<Self, clap::Error> {
        Command::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &clap::ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

/// Opens the full-screen program: a chat that has no prompt yet.
pub(crate) async fn open(opening: Opening, context: &Context) -> Outcome {
    chat::Arguments::from(opening).open(context).await
}

macro_rules! commands {
    ($($name:ident => $module:ident,)*) => {
        $(mod $module;)*

        /// What `mmp` can do.
        #[derive(Debug, clap::Subcommand)]
        pub(crate) enum Command {
            $($name($module::Arguments),)*
        }

        impl clap::Subcommand for Named {
            fn augment_subcommands(command: clap::Command) -> clap::Command {
                command$(.subcommand(
                    clap::Command::new(stringify!($module)).defer(<$module::Arguments as clap::Args>::augment_args)
                ))*
            }

            fn augment_subcommands_for_update(command: clap::Command) -> clap::Command {
                Self::augment_subcommands(command)
            }

            fn has_subcommand(name: &str) -> bool {
                <Command as clap::Subcommand>::has_subcommand(name)
            }
        }

        impl Command {
            /// Does it.
            pub(crate) async fn run(self, context: &Context) -> Outcome {
                match self { $(Self::$name(arguments) => arguments.run(context).await,)* }
            }
        }
    };
}

commands! {
    Chat => chat,
    Attach => attach,
    Rerun => rerun,
    History => history,
    Search => search,
    Runs => runs,
    Models => models,
    Roles => roles,
    Providers => providers,
    Register => register,
    Login => login,
    Logout => logout,
    Passwd => passwd,
    Whoami => whoami,
    Account => account,
    Logins => logins,
    Tokens => tokens,
    Settings => settings,
    Config => config,
    Admin => admin,
    Daemon => daemon,
    Doctor => doctor,
    Completions => completions,
}
