//! Who may do what: one table, a row a route. What has no row is refused, and a test holds the table to the server's routes.
//!
//! The rows say who may ask at all. Whose things they are is the services' part: another user's are as good as absent.

use std::{collections::HashMap, sync::LazyLock};

use mmp_shared::{tokens::Scope, users::AccountRole};

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody, known or not.
    Open,
    /// Everybody who is known, by whatever token.
    Known,
    /// Every account; an access token needs this scope.
    Scope(Scope),
    /// Every account, itself: no access token, whatever its scopes.
    InPerson,
    /// Admins; an access token needs the scope `admin`.
    Admin,
    /// Admins; an access token needs the scope `metrics`.
    Metrics,
}

/// Why a known caller may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Only admins may.
    NotAdmin,
    /// The access token lacks this scope.
    LacksScope(Scope),
    /// No access token may.
    NoToken,
}

/// Who may use which route: its method, its path as the router has it, and who.
pub const ROWS: &[(&str, &str, Access)] = &[
    ("GET", "/health", Access::Open),
    ("GET", "/health/live", Access::Open),
    ("GET", "/health/ready", Access::Open),
    ("GET", "/metrics", Access::Metrics),
    ("POST", "/api/v1/auth/register", Access::Open),
    ("POST", "/api/v1/auth/login", Access::Open),
    ("POST", "/api/v1/auth/refresh", Access::Open),
    ("POST", "/api/v1/auth/logout", Access::Open),
    ("GET", "/api/v1/auth/logins", Access::InPerson),
    ("DELETE", "/api/v1/auth/logins/{id}", Access::InPerson),
    ("GET", "/api/v1/users/me", Access::Known),
    ("PATCH", "/api/v1/users/me", Access::InPerson),
    ("DELETE", "/api/v1/users/me", Access::InPerson),
    ("PUT", "/api/v1/users/me/password", Access::InPerson),
    ("GET", "/api/v1/users/me/settings", Access::Scope(Scope::Read)),
    ("PUT", "/api/v1/users/me/settings", Access::Scope(Scope::Write)),
    ("GET", "/api/v1/users/me/tokens", Access::InPerson),
    ("POST", "/api/v1/users/me/tokens", Access::InPerson),
    ("DELETE", "/api/v1/users/me/tokens/{id}", Access::InPerson),
    ("POST", "/api/v1/chat", Access::Scope(Scope::Chat)),
    ("GET", "/api/v1/conversations", Access::Scope(Scope::Read)),
    ("POST", "/api/v1/conversations", Access::Scope(Scope::Write)),
    ("DELETE", "/api/v1/conversations", Access::Scope(Scope::Write)),
    ("GET", "/api/v1/conversations/{reference}", Access::Scope(Scope::Read)),
    ("PATCH", "/api/v1/conversations/{reference}", Access::Scope(Scope::Write)),
    ("DELETE", "/api/v1/conversations/{reference}", Access::Scope(Scope::Write)),
    ("GET", "/api/v1/conversations/{reference}/messages", Access::Scope(Scope::Read)),
    ("POST", "/api/v1/conversations/{reference}/messages", Access::Scope(Scope::Chat)),
    ("GET", "/api/v1/conversations/{reference}/export", Access::Scope(Scope::Read)),
    ("POST", "/api/v1/import", Access::Scope(Scope::Write)),
    ("GET", "/api/v1/runs", Access::Scope(Scope::Chat)),
    ("GET", "/api/v1/runs/{reference}", Access::Scope(Scope::Chat)),
    ("GET", "/api/v1/runs/{reference}/events", Access::Scope(Scope::Chat)),
    ("POST", "/api/v1/runs/{reference}/stop", Access::Scope(Scope::Chat)),
    ("GET", "/api/v1/search", Access::Scope(Scope::Read)),
    ("GET", "/api/v1/models", Access::Scope(Scope::Read)),
    ("GET", "/api/v1/models/{name}", Access::Scope(Scope::Read)),
    ("GET", "/api/v1/models/{name}/config", Access::Scope(Scope::Read)),
    ("PUT", "/api/v1/models/{name}/config", Access::Scope(Scope::Write)),
    ("DELETE", "/api/v1/models/{name}/config", Access::Scope(Scope::Write)),
    ("POST", "/api/v1/models/{name}/test", Access::Scope(Scope::Chat)),
    ("GET", "/api/v1/providers", Access::Scope(Scope::Read)),
    ("GET", "/api/v1/providers/{name}", Access::Scope(Scope::Read)),
    ("PUT", "/api/v1/providers/{name}", Access::Scope(Scope::Write)),
    ("DELETE", "/api/v1/providers/{name}", Access::Scope(Scope::Write)),
    ("POST", "/api/v1/providers/{name}/test", Access::Scope(Scope::Write)),
    ("POST", "/api/v1/providers/{name}/refresh", Access::Scope(Scope::Write)),
    ("POST", "/api/v1/providers/{name}/compare-key", Access::Scope(Scope::Write)),
    ("GET", "/api/v1/roles", Access::Scope(Scope::Read)),
    ("GET", "/api/v1/roles/{name}", Access::Scope(Scope::Read)),
    ("PUT", "/api/v1/roles/{name}", Access::Scope(Scope::Write)),
    ("DELETE", "/api/v1/roles/{name}", Access::Scope(Scope::Write)),
    ("GET", "/api/v1/servers", Access::Admin),
    ("GET", "/api/v1/admin/models/{name}/config", Access::Admin),
    ("PUT", "/api/v1/admin/models/{name}/config", Access::Admin),
    ("DELETE", "/api/v1/admin/models/{name}/config", Access::Admin),
    ("GET", "/api/v1/admin/system", Access::Admin),
    ("GET", "/api/v1/admin/system/health", Access::Admin),
    ("POST", "/api/v1/admin/backup", Access::Admin),
    ("GET", "/api/v1/admin/audit", Access::Admin),
    ("GET", "/api/v1/admin/users", Access::Admin),
    ("POST", "/api/v1/admin/users", Access::Admin),
    ("GET", "/api/v1/admin/users/invites", Access::Admin),
    ("POST", "/api/v1/admin/users/invites", Access::Admin),
    ("DELETE", "/api/v1/admin/users/invites/{id}", Access::Admin),
    ("GET", "/api/v1/admin/users/{reference}", Access::Admin),
    ("PATCH", "/api/v1/admin/users/{reference}", Access::Admin),
    ("DELETE", "/api/v1/admin/users/{reference}", Access::Admin),
    ("PUT", "/api/v1/admin/users/{reference}/password", Access::Admin),
];

static TABLE: LazyLock<HashMap<(&str, &str), Access>> =
    LazyLock::new(|| ROWS.iter().map(|(method, path, access)| ((*method, *path), *access)).collect());

/// Who may use a route; none where nobody said.
pub fn access(method: &str, path: &str) -> Option<Access> {
    // Asking for the head of an answer is asking for it.
    let method = if method == "HEAD" { "GET" } else { method };
    TABLE.get(&(method, path)).copied()
}

/// Whether a caller of this role may, with these scopes; none is a caller who came in person.
///
/// # Errors
///
/// [`Refusal`].
pub fn check(access: Access, role: AccountRole, scopes: Option<&[Scope]>) -> Result<(), Refusal> {
    if matches!(access, Access::Admin | Access::Metrics) && role != AccountRole::Admin {
        return Err(Refusal::NotAdmin);
    }
    let Some(scopes) = scopes else { return Ok(()) };
    let needed = match access {
        Access::Open | Access::Known => return Ok(()),
        Access::InPerson => return Err(Refusal::NoToken),
        Access::Scope(scope) => scope,
        Access::Admin => Scope::Admin,
        Access::Metrics => Scope::Metrics,
    };
    if scopes.contains(&needed) { Ok(()) } else { Err(Refusal::LacksScope(needed)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_route_has_two_rows() {
        assert_eq!(TABLE.len(), ROWS.len());
    }

    #[test]
    fn what_nobody_said_is_nobodys() {
        assert_eq!(access("GET", "/api/v1/secrets"), None);
        assert_eq!(access("TRACE", "/health"), None);
        assert_eq!(access("HEAD", "/health"), Some(Access::Open));
    }

    #[test]
    fn a_scope_never_makes_an_admin() {
        let all = Scope::ALL;
        assert_eq!(check(Access::Admin, AccountRole::User, Some(&all)), Err(Refusal::NotAdmin));
        assert_eq!(check(Access::Admin, AccountRole::Admin, Some(&[Scope::Read])), Err(Refusal::LacksScope(Scope::Admin)));
        assert_eq!(check(Access::Admin, AccountRole::Admin, None), Ok(()));
        assert_eq!(check(Access::InPerson, AccountRole::Admin, Some(&all)), Err(Refusal::NoToken));
    }
}
