//! What a store tells of itself.

use mmpd::store::Operation;

use crate::{fixture::cases, records::settings};

cases! {
    a_store_tells_what_it_is(fixture) {
        fixture.put([Operation::PutSettings(settings(1, 1, &[("model", "gpt")]))]).await;
        let about = fixture.store.about().await.expect("it is open");
        assert!(mmpd::store::registry::SCHEMES.contains(&about.engine));
        assert_eq!(about.folder.is_some(), about.bytes.is_some_and(|bytes| bytes > 0), "{about:?}");
        assert!(about.folder.as_ref().is_none_or(|folder| folder.is_dir()), "{about:?}");
    }

    a_closed_store_tells_nothing(fixture) {
        fixture.store.close().await.expect("it can be closed");
        assert!(fixture.store.about().await.is_err());
    }
}
