//! What is said of models, and what their providers list.

use mmpd::store::Operation;

use crate::{
    fixture::cases,
    records::{model_config, model_list, user_id},
};

cases! {
    what_is_said_of_models_is_listed_by_whose_word_it_is(fixture) {
        fixture.put(["b/long name", "a"].map(|model| Operation::PutModelConfig(model_config(Some(1), model, 1)))).await;
        fixture.put([Operation::PutModelConfig(model_config(None, "a", 3))]).await;
        let (a, b) = (model_config(Some(1), "a", 1), model_config(Some(1), "b/long name", 1));
        assert_eq!(fixture.store.model_configs(Some(user_id(1))).await, Ok(vec![a, b.clone()]));
        assert_eq!(fixture.store.model_configs(Some(user_id(2))).await, Ok(vec![]));
        assert_eq!(fixture.store.model_configs(None).await, Ok(vec![model_config(None, "a", 3)]));
        assert_eq!(fixture.store.model_config(Some(user_id(1)), "openai", "b/long name").await, Ok(Some(b)));
        assert_eq!(fixture.store.model_config(Some(user_id(1)), "openai", "b").await, Ok(None));
    }

    what_is_said_of_a_model_can_be_changed_and_taken_back(fixture) {
        fixture.put([Operation::PutModelConfig(model_config(None, "a", 1))]).await;
        fixture.put([Operation::PutModelConfig(model_config(None, "a", 2))]).await;
        assert_eq!(fixture.store.model_configs(None).await, Ok(vec![model_config(None, "a", 2)]));
        let forget = Operation::DeleteModelConfig(None, "openai".into(), "a".into());
        fixture.put([forget.clone()]).await;
        fixture.put([forget]).await;
        assert_eq!(fixture.store.model_config(None, "openai", "a").await, Ok(None));
    }

    a_providers_list_takes_the_place_of_the_one_before(fixture) {
        let many: Vec<String> = (0..900).map(|number| format!("maker/model-{number}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        fixture.put([Operation::PutModelList(model_list(1, "openrouter", &["x"]))]).await;
        fixture.put([Operation::PutModelList(model_list(1, "openrouter", &many))]).await;
        fixture.put([Operation::PutModelList(model_list(1, "azure", &[])), Operation::PutModelList(model_list(2, "azure", &["y"]))]).await;
        let both = vec![model_list(1, "azure", &[]), model_list(1, "openrouter", &many)];
        assert_eq!(fixture.store.model_lists(user_id(1)).await, Ok(both));
        fixture.put([Operation::DeleteModelList(user_id(1), "openrouter".into())]).await;
        assert_eq!(fixture.store.model_lists(user_id(1)).await, Ok(vec![model_list(1, "azure", &[])]));
    }
}
