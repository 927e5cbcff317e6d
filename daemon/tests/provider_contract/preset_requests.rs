//! What single services are asked differently, as the request that they get.

use std::sync::Arc;

use mmp_shared::{
    chat::Think,
    message::{ContentPart, Role, ToolCall},
};
use mmpd::providers::{ChatCall, ChatMessage, Upstream, registry};
use serde_json::{Value, json};

use super::{outcome::call, requests::asked};

fn of(model: &str, think: Option<Think>) -> ChatCall {
    let mut call = call("http://x/v1", true);
    call.model = model.into();
    call.params.think = think;
    call
}

#[test]
fn each_service_is_told_in_its_own_way_how_much_to_think() {
    use Think::{High, Low, Medium, Off, On};
    for (provider, model, think, field, expected) in [
        ("openai", "gpt-5.5", High, "reasoning_effort", json!("high")),
        ("azure", "gpt-5.1", Off, "reasoning_effort", json!("none")),
        ("moonshot", "kimi-k2.6", Off, "thinking", json!({"type": "disabled"})),
        ("zhipu", "glm-4.7", On, "thinking", json!({"type": "enabled"})),
        ("dashscope", "qwen3-max", On, "enable_thinking", json!(true)),
        ("dashscope", "qwen3-max", Low, "thinking_budget", json!(1024)),
        ("siliconflow", "Qwen/Qwen3-32B", Off, "enable_thinking", json!(false)),
        ("groq", "openai/gpt-oss-120b", Medium, "reasoning_effort", json!("medium")),
        ("groq", "qwen/qwen3-32b", Off, "reasoning_effort", json!("none")),
        ("groq", "qwen/qwen3-32b", On, "reasoning_format", json!("parsed")),
        ("xai", "grok-4.3", Off, "reasoning_effort", json!("none")),
        ("xai", "grok-3-mini", Medium, "reasoning_effort", json!("high")),
        ("openrouter", "anthropic/claude-sonnet-5", High, "reasoning", json!({"effort": "high"})),
        ("openrouter", "x-ai/grok-4", Off, "reasoning", json!({"enabled": false})),
        ("mistral", "mistral-small-latest", Low, "reasoning_effort", json!("high")),
        ("cerebras", "zai-glm-4.7", Off, "reasoning_effort", json!("none")),
        ("perplexity", "sonar-deep-research", Low, "reasoning_effort", json!("low")),
        ("together", "Qwen/Qwen3.5-9B", Off, "reasoning", json!({"enabled": false})),
        ("llamacpp", "qwen3", Off, "chat_template_kwargs", json!({"enable_thinking": false})),
    ] {
        let (body, notes) = asked(provider, &of(model, Some(think)));
        assert_eq!((&body[field], notes), (&expected, vec![]), "{provider} {model} {think:?}");
    }
}

#[test]
fn a_wish_that_a_model_does_not_take_is_dropped_and_told() {
    for (provider, model, think) in [
        ("openai", "gpt-4o", Think::High),
        ("xai", "grok-4", Think::Low),
        ("mistral", "magistral-medium-latest", Think::Off),
        ("moonshot", "moonshot-v1-8k", Think::On),
        ("lmstudio", "anything", Think::On),
    ] {
        let (body, notes) = asked(provider, &of(model, Some(think)));
        assert_eq!(notes, ["param_dropped"], "{provider} {model} {think:?}");
        let own = ["messages", "model", "stream", "stream_options"];
        assert!(body.as_object().is_some_and(|body| body.keys().all(|name| own.contains(&name.as_str()))), "{body}");
    }
    let mut unstreamed = of("qwen3-max", Some(Think::On));
    unstreamed.stream = false;
    assert_eq!(asked("dashscope", &unstreamed).1, ["param_dropped"]);
    for (provider, model) in [("openai", "gpt-4o"), ("xai", "grok-4-1-fast-non-reasoning"), ("moonshot", "moonshot-v1-8k")] {
        assert_eq!(asked(provider, &of(model, Some(Think::Off))).1, Vec::<&str>::new(), "{model} does not think anyway");
    }
}

#[test]
fn limits_and_usage_have_the_names_that_each_service_takes() {
    for (provider, limit) in [
        ("groq", "max_completion_tokens"),
        ("cerebras", "max_completion_tokens"),
        ("mistral", "max_tokens"),
        ("dashscope", "max_tokens"),
    ] {
        let mut call = of("m", None);
        call.params.max_tokens = Some(7);
        let (body, _) = asked(provider, &call);
        assert_eq!(body[limit], 7, "{provider}");
        assert_eq!(body.get("stream_options").is_none(), provider == "mistral", "{provider}");
    }
    let mut call = of("kimi-k2.6", None);
    call.params.temperature = Some(0.3);
    let (body, notes) = asked("moonshot", &call);
    assert!(body.get("temperature").is_none() && notes == ["param_dropped"]);
}

#[test]
fn azure_has_its_key_in_a_header_of_its_own_and_its_version_behind_the_path() {
    let mut call = of("my-deployment", None);
    call.endpoint.base_url = "https://r.openai.azure.com/openai/deployments/my-deployment?api-version=2024-10-21".into();
    let Ok(Upstream::Http(request)) = registry::find("azure").expect("azure").chat(&call) else { panic!("no request") };
    assert_eq!(request.secret_headers[0].0, "api-key");
    assert_eq!(
        request.url,
        "https://r.openai.azure.com/openai/deployments/my-deployment/chat/completions?api-version=2024-10-21"
    );
    assert!(!format!("{request:?}").contains("sk-scripted"), "a key is in no debugging words");
}

#[test]
fn thoughts_go_back_where_a_turn_called_tools() {
    let text = |text: &str| ContentPart::Text { text: text.into() };
    let called = ContentPart::ToolCall(ToolCall::new("call_1".into(), "now".into(), "{}".into()));
    let thought = ContentPart::Reasoning { text: "hm".into() };
    let mut call = of("m", None);
    call.messages = Arc::new([
        ChatMessage { role: Role::User, parts: vec![text("a")] },
        ChatMessage { role: Role::Assistant, parts: vec![thought.clone(), text("b")] },
        ChatMessage { role: Role::User, parts: vec![text("c")] },
        ChatMessage { role: Role::Assistant, parts: vec![thought, called.clone()] },
        ChatMessage {
            role: Role::Tool,
            parts: vec![ContentPart::ToolResult { tool_call_id: "call_1".into(), text: "noon".into() }],
        },
        ChatMessage { role: Role::Assistant, parts: vec![called] },
    ]);
    for (provider, expected) in
        [("deepseek", [Value::Null, json!("hm"), json!("")]), ("moonshot", [Value::Null, json!("hm"), json!("")])]
    {
        let (body, _) = asked(provider, &call);
        let thoughts = [1, 3, 5].map(|at| body["messages"][at]["reasoning_content"].clone());
        assert_eq!(thoughts, expected, "{provider}");
    }
    let (body, _) = asked("mistral", &call);
    assert_eq!(body["messages"][3]["tool_calls"][0]["id"], body["messages"][4]["tool_call_id"]);
    assert_eq!(body["messages"][4]["tool_call_id"].as_str().map(str::len), Some(9));
    assert!(body["messages"][3].get("reasoning_content").is_none());
}
