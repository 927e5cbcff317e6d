//! `mmp roles`: instructions by a name, with the model and the parameters to answer with, for `mmp chat -r`.

use clap::{ArgAction, Subcommand};
use mmp_shared::{
    ApiError, phrase,
    roles::{Role, RoleChange},
};
use serde_json::{Map, Value};

use crate::{
    client::Client,
    context::Context,
    error::{Exit, Outcome, bad_request},
    everywhere::OutputFormat,
    input::{
        confirm, files,
        params::ParamArguments,
        stdin::{self, StdinMode},
    },
    output::{
        self, json,
        listing::{print_one, print_page},
        neutralise::{Neutraliser, neutralise_line},
        table::Column,
        time,
    },
    wanted::ListArguments,
};

/// The fields of a role that are no parameters.
const FIELDS: [&str; 2] = ["system", "model"];

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    List(ListArguments),
    Show {
        #[arg(value_name = "NAME")]
        role: String,
    },
    Set(Box<SetArguments>),
    Delete {
        #[arg(value_name = "NAME", required = true)]
        roles: Vec<String>,
    },
}

#[derive(Debug, clap::Args)]
struct SetArguments {
    #[arg(value_name = "NAME")]
    role: String,
    #[arg(short, long, value_name = "TEXT", conflicts_with = "system_file")]
    system: Option<String>,
    #[arg(long, value_name = "PATH|-")]
    system_file: Option<String>,
    #[arg(short, long, value_name = "NAME")]
    model: Option<String>,
    #[command(flatten)]
    params: ParamArguments,
    #[arg(long, value_name = "FIELD", action = ArgAction::Append)]
    unset: Vec<String>,
}

const COLUMNS: &[Column<Role>] = &[
    Column { field: "name", show: |role| neutralise_line(&role.name) },
    Column { field: "model", show: |role| neutralise_line(role.model.as_deref().unwrap_or_default()) },
    Column { field: "params", show: params_of },
    Column { field: "system", show: |role| first_line(role.system.as_deref().unwrap_or_default()) },
];

impl Arguments {
    pub(crate) async fn run(self, context: &Context) -> Outcome {
        match self.action {
            Action::List(list) => print_page(context, &Client::new(context)?.roles(&list.into()).await?, COLUMNS),
            Action::Show { role } => show(context, &Client::new(context)?.role(&role).await?),
            Action::Set(arguments) => set(context, *arguments).await,
            Action::Delete { roles } => delete(context, &roles).await,
        }
    }
}

/// What is known of a role, then its instructions as they are.
fn show(context: &Context, role: &Role) -> Outcome {
    let shown = [
        ("name", neutralise_line(&role.name)),
        ("model", neutralise_line(role.model.as_deref().unwrap_or_default())),
        ("params", params_of(role)),
        ("updated_at", time::local(role.updated_at)),
    ];
    let exit = print_one(context, role, &shown)?;
    if let (OutputFormat::Text, Some(system)) = (context.format(), &role.system) {
        output::print(&format!("\n{}\n", for_viewer(context, system).trim_end()))?;
    }
    Ok(exit)
}

async fn set(context: &Context, arguments: SetArguments) -> Outcome {
    let change = change(&arguments)?;
    if change == RoleChange::default() {
        return Err(bad_request(phrase!("error-nothing-to-set")).with_hint(phrase!("hint-nothing-to-set-of-role")).into());
    }
    let role = Client::new(context)?.put_role(&arguments.role, &change).await?;
    if context.format() != OutputFormat::Text {
        return print_one(context, &role, &[]);
    }
    if !context.everywhere.quiet {
        output::note(&phrase!("note-role-saved", name = role.name), context.language);
    }
    Ok(Exit::SUCCESS)
}

/// What the flags say; what they do not name stays as it is.
fn change(arguments: &SetArguments) -> Result<RoleChange, ApiError> {
    let system = match (&arguments.system, arguments.system_file.as_deref()) {
        (Some(text), _) => Some(text.clone()),
        (None, Some("-")) => Some(stdin::read(StdinMode::Always, None)?.unwrap_or_default()),
        (None, Some(path)) => Some(files::text_of(path)?),
        (None, None) => None,
    };
    let said = match serde_json::to_value(arguments.params.params()?) {
        Ok(Value::Object(params)) => params,
        _ => Map::new(),
    };
    let taken_back = arguments.unset.iter().filter(|field| !FIELDS.contains(&field.as_str()));
    let mut params: Map<String, Value> = taken_back.map(|name| (name.replace('-', "_"), Value::Null)).collect();
    params.extend(said);
    let unset = |field: &str| arguments.unset.iter().any(|name| name == field).then_some(None);
    Ok(RoleChange {
        system: system.map(Some).or_else(|| unset("system")),
        model: arguments.model.clone().map(Some).or_else(|| unset("model")),
        params: (!params.is_empty()).then_some(Some(params)),
    })
}

async fn delete(context: &Context, names: &[String]) -> Outcome {
    let client = Client::new(context)?;
    let mut found = Vec::new();
    // Every name is looked up before anything is gone.
    for name in names {
        let name = client.role(name).await?.name;
        if !found.contains(&name) {
            found.push(name);
        }
    }
    let listed = found.iter().map(|name| format!("`{}`", neutralise_line(name))).collect::<Vec<_>>().join(", ");
    let question = phrase!("question-delete-roles", names = listed).render(context.language);
    if !confirm::is_agreed_for_good(context, &question)? {
        output::note(&phrase!("note-nothing-deleted"), context.language);
        return Ok(Exit(1));
    }
    for name in &found {
        client.delete_role(name).await?;
    }
    if context.format() != OutputFormat::Text {
        json::print(&serde_json::json!({ "deleted": found.len() }))?;
    } else if !context.everywhere.quiet {
        output::note(&phrase!("note-roles-deleted", names = listed), context.language);
    }
    Ok(Exit::SUCCESS)
}

/// Parameters as flags would say them.
fn params_of(role: &Role) -> String {
    let params = match serde_json::to_value(&role.params) {
        Ok(Value::Object(params)) => params,
        _ => Map::new(),
    };
    let said = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    params.iter().map(|(name, value)| neutralise_line(&format!("{name}={}", said(value)))).collect::<Vec<_>>().join(" ")
}

fn first_line(text: &str) -> String {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let more = if lines.next().is_some() { " …" } else { "" };
    neutralise_line(&format!("{first}{more}"))
}

/// A text for whoever looks: a terminal is driven by nobody's words, a pipe gets them as they are.
fn for_viewer(context: &Context, text: &str) -> String {
    if !context.stdout.is_terminal {
        return text.to_owned();
    }
    let (mut neutraliser, mut shown) = (Neutraliser::default(), String::new());
    neutraliser.push(text, &mut shown);
    neutraliser.finish(&mut shown);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_shows_the_first_line_of_the_instructions() {
        assert_eq!(first_line("be brief"), "be brief");
        assert_eq!(first_line("\n be brief \n\nand kind\n"), "be brief …");
        assert_eq!(first_line("a\u{1b}[31m"), neutralise_line("a\u{1b}[31m"));
    }
}
