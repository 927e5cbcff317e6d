//! The host that `mmp login HOST` remembers and `mmp logout` forgets: the setting `host` in the file, where people see it and can
//! change it themselves.

use mmp_shared::{ApiError, config::find_key, phrase};

use super::file;
use crate::{
    config::{read_file, variable},
    context::Context,
    output,
};

const HOST: &str = "host";

/// Has all commands go to this host from now on. That the file cannot be changed is told, and no error: who logged in is.
pub(in crate::commands) fn remember_host(context: &Context, host: &str) {
    let set = || {
        let Some(key) = find_key(HOST) else { return Ok(()) };
        let value = key.kind.parse(host).unwrap_or_else(|| mmp_shared::config::Value::Text(host.to_owned()));
        file::change(&context.places.config_file, |document| file::set(document, key, &value, host))
    };
    tell(context, set(), &phrase!("note-host-remembered", host = host), host);
}

/// Has all commands go to this machine's daemon again, if they went to this host.
pub(in crate::commands) fn forget_host(context: &Context, host: &str) {
    if remembered(context).is_none_or(|remembered| remembered != host) {
        return;
    }
    let unset = || {
        let Some(key) = find_key(HOST) else { return Ok(()) };
        file::change(&context.places.config_file, |document| {
            file::unset(document, key);
            Ok(())
        })
    };
    tell(context, unset(), &phrase!("note-host-forgotten"), host);
}

fn tell(context: &Context, changed: Result<(), ApiError>, words: &mmp_shared::Phrase, host: &str) {
    match changed {
        Err(error) => {
            let reason = error.message_in(context.language);
            output::note(&phrase!("note-host-not-changed", reason = reason, host = host), context.language);
        }
        Ok(()) if context.everywhere.quiet => {}
        Ok(()) => {
            output::note(words, context.language);
            if variable("MMP_HOST").is_some() {
                output::note(&phrase!("note-variable-overrules", variable = "MMP_HOST", key = HOST), context.language);
            }
        }
    }
}

/// What the file says, in the form that logins are kept under.
fn remembered(context: &Context) -> Option<String> {
    let text = read_file(&context.places.config_file).ok()??;
    let document: toml_edit::DocumentMut = text.parse().ok()?;
    let host = document.get(HOST)?.as_str()?;
    Some(crate::client::Target::parse(host).ok()?.address())
}
