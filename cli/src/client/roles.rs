//! Roles.

use mmp_shared::{
    ApiError,
    page::Page,
    roles::{Role, RoleChange},
};

use super::{Body, Client, Request, encode};
use crate::wanted::Wanted;

impl Client {
    /// This user's roles.
    pub(crate) async fn roles(&self, wanted: &Wanted) -> Result<Page<Role>, ApiError> {
        self.list("/roles", wanted).await
    }

    /// One role.
    pub(crate) async fn role(&self, name: &str) -> Result<Role, ApiError> {
        self.fetch(&Request::get(path(name))).await
    }

    /// Makes a role or changes it.
    pub(crate) async fn put_role(&self, name: &str, change: &RoleChange) -> Result<Role, ApiError> {
        self.fetch(&Request::put(path(name), Body::json(change))).await
    }

    /// Takes a role away.
    pub(crate) async fn delete_role(&self, name: &str) -> Result<(), ApiError> {
        self.send(&Request::delete(path(name))).await.map(|_| ())
    }
}

fn path(name: &str) -> String {
    format!("/roles/{}", encode(name))
}
