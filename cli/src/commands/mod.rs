//! The commands: one file each, and one line here.
//!
//! A command reads its arguments, asks the client, and hands what it is told to `output`.

use crate::{context::Context, error::Outcome};

macro_rules! commands {
    ($($name:ident => $module:ident,)*) => {
        $(mod $module;)*

        /// What `mmp` can do.
        #[derive(Debug, clap::Subcommand)]
        pub(crate) enum Command {
            $($name($module::Arguments),)*
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
    History => history,
    Search => search,
    Runs => runs,
    Models => models,
    Providers => providers,
    Whoami => whoami,
    Settings => settings,
    Config => config,
    Admin => admin,
    Daemon => daemon,
    Doctor => doctor,
}
