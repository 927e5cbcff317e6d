//! How each service is told how much to think: one small function a way, pure.
//!
//! A way says which fields carry the wish, or that the wish goes without saying, or that the model takes no such wish: then
//! it is dropped, and the one who asked is told.

use mmp_shared::{chat::Think, phrase};
use serde_json::{Map, Value, json};

use super::openai_models::Thinker;
use crate::providers::{ChatCall, Note};

/// What becomes of a wish.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// These fields carry it.
    Fields(Vec<(&'static str, Value)>),
    /// The model does so anyway.
    Already,
    /// The model takes no such wish.
    Dropped,
}

/// A way to tell a model how much to think.
pub type Way = fn(&ChatCall, Think) -> Told;

/// Adds what carries the wish to a request, or the note that it was dropped.
pub fn tell(call: &ChatCall, way: Way, body: &mut Map<String, Value>, notes: &mut Vec<Note>) {
    let Some(think) = call.params.think else { return };
    match way(call, think) {
        Told::Fields(fields) => body.extend(fields.into_iter().map(|(name, value)| (name.to_owned(), value))),
        Told::Already => {}
        Told::Dropped => notes.push(dropped(call, "think")),
    }
}

/// The note that a parameter was left out.
pub fn dropped(call: &ChatCall, param: &str) -> Note {
    let (provider, model) = (&call.endpoint.provider, &call.model);
    let phrase = phrase!("notice-param_dropped", provider = provider, model = model, param = param);
    Note { code: "param_dropped", phrase }
}

const fn off_is_already(think: Think) -> Told {
    if matches!(think, Think::Off) { Told::Already } else { Told::Dropped }
}

const fn on_is_already(think: Think) -> Told {
    if matches!(think, Think::Off) { Told::Dropped } else { Told::Already }
}

const fn level(think: Think) -> Option<&'static str> {
    match think {
        Think::Low => Some("low"),
        Think::Medium => Some("medium"),
        Think::High => Some("high"),
        Think::Off | Think::On => None,
    }
}

fn field(name: &'static str, value: impl Into<Value>) -> Told {
    Told::Fields(vec![(name, value.into())])
}

fn switch(think: Think) -> Value {
    json!({ "type": if think == Think::Off { "disabled" } else { "enabled" } })
}

/// The model's own name: gateways put its maker's before it.
fn name_of(call: &ChatCall) -> String {
    call.model.rsplit('/').next().unwrap_or_default().to_ascii_lowercase()
}

/// No way is known.
pub const fn unknown(_call: &ChatCall, _think: Think) -> Told {
    Told::Dropped
}

/// The model does not think.
pub const fn never(_call: &ChatCall, think: Think) -> Told {
    off_is_already(think)
}

/// `reasoning_effort`, by what each of OpenAI's models takes.
pub fn openai(call: &ChatCall, think: Think) -> Told {
    match Thinker::of(&call.model) {
        None => off_is_already(think),
        Some(thinker) => match thinker.effort(think) {
            Some(effort) => field("reasoning_effort", effort),
            None if think == Think::On => Told::Already,
            None => Told::Dropped,
        },
    }
}

/// DeepSeek: a switch, and an effort of `low`, `high` or `max`, where medium counts as high
/// (api-docs.deepseek.com/guides/thinking_mode).
pub fn deepseek(_call: &ChatCall, think: Think) -> Told {
    let effort = match think {
        Think::Low => Some("low"),
        Think::Medium | Think::High => Some("high"),
        Think::Off | Think::On => None,
    };
    let effort = effort.map(|effort| ("reasoning_effort", Value::from(effort)));
    Told::Fields([("thinking", switch(think))].into_iter().chain(effort).collect())
}

/// Moonshot: a switch from K2.5 on (the example of the vendor's own page, quoted in yilewang/llm-for-zotero#65). The
/// models called `thinking` always do, the older ones never.
pub fn moonshot(call: &ChatCall, think: Think) -> Told {
    let name = name_of(call);
    if name.contains("thinking") {
        return on_is_already(think);
    }
    let has_switch = name.starts_with("kimi-k2.") || name.strip_prefix("kimi-k").is_some_and(|rest| !rest.starts_with('2'));
    if has_switch { field("thinking", switch(think)) } else { off_is_already(think) }
}

/// Zhipu: a switch from GLM-4.5 on (recorded requests to api.z.ai).
pub fn zhipu(call: &ChatCall, think: Think) -> Told {
    let name = name_of(call);
    let old = ["glm-4-", "glm-4v", "glm-3", "glm-z1", "charglm", "codegeex"];
    let is_old = name == "glm-4" || old.iter().any(|old| name.starts_with(old));
    if is_old { off_is_already(think) } else { field("thinking", switch(think)) }
}

/// DashScope: `enable_thinking`, only with streaming, and a budget of tokens
/// (help.aliyun.com/zh/model-studio/error-code). The budgets for little and some are ours; a lot is the model's own.
pub fn dashscope(call: &ChatCall, think: Think) -> Told {
    if think != Think::Off && !call.stream {
        return Told::Dropped;
    }
    switch_and_budget(think)
}

/// SiliconFlow: the same two fields, a budget of 128 to 32,768 (docs.siliconflow.cn, as read in anomalyco/models.dev#2507).
pub fn siliconflow(_call: &ChatCall, think: Think) -> Told {
    switch_and_budget(think)
}

fn switch_and_budget(think: Think) -> Told {
    let budget = match think {
        Think::Low => Some(1024),
        Think::Medium => Some(4096),
        Think::Off | Think::On | Think::High => None,
    };
    let budget = budget.map(|budget| ("thinking_budget", Value::from(budget)));
    Told::Fields([("enable_thinking", Value::from(think != Think::Off))].into_iter().chain(budget).collect())
}

/// Groq: an effort for gpt-oss, which cannot stop, and `none` or `default` for Qwen (console.groq.com/docs/reasoning).
pub fn groq(call: &ChatCall, think: Think) -> Told {
    let name = name_of(call);
    if name.contains("gpt-oss") {
        return gpt_oss(think);
    }
    if name.contains("qwen3") {
        return field("reasoning_effort", if think == Think::Off { "none" } else { "default" });
    }
    off_is_already(think)
}

/// Cerebras: an effort for gpt-oss; GLM's thinking ends with `none` (inference-docs.cerebras.ai/capabilities/reasoning
/// and a recorded request).
pub fn cerebras(call: &ChatCall, think: Think) -> Told {
    let name = name_of(call);
    if name.contains("gpt-oss") {
        return gpt_oss(think);
    }
    if name.contains("glm") {
        return if think == Think::Off { field("reasoning_effort", "none") } else { Told::Already };
    }
    off_is_already(think)
}

/// Together: an effort for gpt-oss, else a switch \[unconfirmed].
pub fn together(call: &ChatCall, think: Think) -> Told {
    if name_of(call).contains("gpt-oss") {
        return gpt_oss(think);
    }
    field("reasoning", json!({ "enabled": think != Think::Off }))
}

fn gpt_oss(think: Think) -> Told {
    match think {
        Think::On => Told::Already,
        Think::Off => field("reasoning_effort", "low"),
        Think::Low | Think::Medium | Think::High => field("reasoning_effort", level(think)),
    }
}

/// xAI: few of its models take an effort, and the others answer 400 (measured 2026-05-10 in
/// NousResearch/hermes-agent#23435; `none` for Grok 4.3 alone, enricoros/big-AGI#1104).
pub fn xai(call: &ChatCall, think: Think) -> Told {
    let name = name_of(call);
    let takes_effort = ["grok-4.3", "grok-3-mini", "grok-4.20-multi-agent"].iter().any(|known| name.starts_with(known));
    match think {
        Think::Off if name.starts_with("grok-4.3") => field("reasoning_effort", "none"),
        Think::Medium if name.starts_with("grok-3-mini") => field("reasoning_effort", "high"),
        _ if takes_effort && level(think).is_some() => field("reasoning_effort", level(think)),
        _ if name.contains("non-reasoning") || name == "grok-3" => off_is_already(think),
        Think::On => Told::Already,
        _ => Told::Dropped,
    }
}

/// OpenRouter: one object for all models, which it translates (recorded requests).
pub fn openrouter(_call: &ChatCall, think: Think) -> Told {
    match level(think) {
        Some(level) => field("reasoning", json!({ "effort": level })),
        None => field("reasoning", json!({ "enabled": think == Think::On })),
    }
}

/// Mistral: `high` or `none` for the models that can do both (recorded requests to Mistral Small); Magistral always thinks.
pub fn mistral(call: &ChatCall, think: Think) -> Told {
    let name = name_of(call);
    if name.contains("magistral") {
        return on_is_already(think);
    }
    if name.starts_with("mistral-small") || name.starts_with("mistral-medium") {
        return field("reasoning_effort", if think == Think::Off { "none" } else { "high" });
    }
    off_is_already(think)
}

/// Perplexity: an effort for its deep research alone \[unconfirmed]; its reasoning models always think.
pub fn perplexity(call: &ChatCall, think: Think) -> Told {
    let name = name_of(call);
    match level(think) {
        Some(level) if name.contains("deep-research") => field("reasoning_effort", level),
        _ if name.contains("reasoning") || name.contains("deep-research") => on_is_already(think),
        _ => off_is_already(think),
    }
}

/// Servers that hand a switch to the model's own template: llama.cpp and vLLM.
pub fn template(_call: &ChatCall, think: Think) -> Told {
    field("chat_template_kwargs", json!({ "enable_thinking": think != Think::Off }))
}

/// Qianfan V2: `enable_thinking` for the models that can do both \[unconfirmed]; X1 and R1 always think.
pub fn qianfan(call: &ChatCall, think: Think) -> Told {
    let name = name_of(call);
    if name.contains("-x1") || name.contains("-r1") || name.contains("thinking") {
        return on_is_already(think);
    }
    let can_both = ["ernie-5", "ernie-4.5-turbo-vl", "qwen3", "deepseek-v3.", "deepseek-v4", "glm-"];
    if can_both.iter().any(|known| name.starts_with(known)) {
        return field("enable_thinking", think != Think::Off);
    }
    off_is_already(think)
}
