//! Records to put into stores, with nothing in them that depends on the clock: ids and times are made of numbers.

use jiff::Timestamp;
use mmp_shared::{
    AttemptId, AuditId, ConversationId, ErrorCode, InviteId, LoginId, MessageId, RunId, TokenId, UserId,
    audit::AuditKind,
    image::{Image, ImageData, ImageKind},
    message::{ContentPart, FinishReason, Role, Status, ToolCall},
    models::{ListedModel, Price},
    tokens::Scope,
    usage::{Attempt, Timing, Usage, UsageSource},
    users::AccountRole,
};
use mmpd::store::{
    Operation,
    records::{
        AttemptOutcome, AuditRecord, ConversationRecord, EventRecord, InviteRecord, LoginAttemptRecord, LoginRecord,
        MessageRecord, ModelConfigRecord, ModelListRecord, PasswordRecord, ProviderConfigRecord, RoleRecord, RotationRecord,
        RunRecord, SealedKeyRecord, SealedTokenRecord, SettingsRecord, TokenRecord, UsageRecord, UserRecord, VaultRecord,
    },
};

/// Sixteen bytes that sort like the number and end in digits of it that are spread out.
fn bytes(number: u64) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    bytes[8..].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    bytes
}

pub(crate) fn user_id(number: u64) -> UserId {
    UserId::from_bytes(bytes(number))
}

pub(crate) fn conversation_id(number: u64) -> ConversationId {
    ConversationId::from_bytes(bytes(number))
}

pub(crate) fn message_id(number: u64) -> MessageId {
    MessageId::from_bytes(bytes(number))
}

pub(crate) fn run_id(number: u64) -> RunId {
    RunId::from_bytes(bytes(number))
}

/// So many seconds after some moment.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + seconds).expect("within range")
}

pub(crate) fn user(number: u64, username: &str) -> UserRecord {
    UserRecord {
        id: user_id(number),
        version: 1,
        username: username.into(),
        role: AccountRole::User,
        os_user: None,
        created_at: at(0),
        skeleton: format!("{number} {username}"),
        display_name: None,
        epoch: 0,
        disabled_at: None,
        deleting_at: None,
    }
}

pub(crate) fn conversation(number: u64, owner: u64, updated_at: i64) -> ConversationRecord {
    ConversationRecord {
        id: conversation_id(number),
        user_id: user_id(owner),
        version: 1,
        title: format!("Conversation {number}"),
        system: None,
        model: None,
        leaf_id: None,
        messages: 0,
        role: None,
        pinned: false,
        archived: false,
        created_at: at(0),
        updated_at: at(updated_at),
    }
}

pub(crate) fn message(number: u64, conversation: u64, owner: u64, text: &str) -> MessageRecord {
    MessageRecord {
        id: message_id(number),
        conversation_id: conversation_id(conversation),
        user_id: user_id(owner),
        parent_id: number.checked_sub(1).map(message_id),
        run_id: None,
        role: Role::User,
        content: vec![ContentPart::Text { text: text.into() }],
        refusal: None,
        model: None,
        provider: None,
        status: Status::Complete,
        finish_reason: None,
        usage: None,
        cost_usd: None,
        timing: None,
        created_at: at(0),
    }
}

/// An answer with something in every field.
pub(crate) fn full_message(number: u64, conversation: u64, owner: u64) -> MessageRecord {
    let parts = vec![
        ContentPart::Reasoning { text: "想一想".into() },
        ContentPart::Text { text: "Hello, 世界 🌍\u{0}".into() },
        ContentPart::Image(Image {
            media_type: ImageKind::Gif,
            name: Some("猫.gif".into()),
            data: ImageData::new(vec![0xfe; 20_000]),
        }),
        ContentPart::ToolCall(ToolCall::new(
            "1".into(),
            "add".into(),
            r#"{"a":-1,"b":1.5,"c":[null,true,18446744073709551615]}"#.into(),
        )),
        ContentPart::ToolResult { tool_call_id: "1".into(), text: "0.5".into() },
    ];
    MessageRecord {
        run_id: Some(run_id(number)),
        role: Role::Assistant,
        content: parts,
        refusal: Some("no".into()),
        model: Some("deepseek-chat".into()),
        provider: Some("deepseek".into()),
        status: Status::Truncated,
        finish_reason: Some(FinishReason::Length),
        usage: Some(usage_numbers()),
        cost_usd: Some(0.000_123),
        timing: Some(Timing { first_token_ms: Some(12), total_ms: None }),
        ..message(number, conversation, owner, "")
    }
}

pub(crate) fn usage_numbers() -> Usage {
    Usage {
        prompt_tokens: Some(7),
        completion_tokens: Some(u64::MAX),
        cached_tokens: None,
        reasoning_tokens: Some(0),
        source: UsageSource::Provider,
    }
}

pub(crate) fn run(number: u64, owner: u64, created_at: i64) -> RunRecord {
    RunRecord {
        id: run_id(number),
        user_id: user_id(owner),
        version: 1,
        conversation_id: conversation_id(1),
        user_message_id: message_id(1),
        message_id: message_id(2),
        leads: true,
        model: "demo".into(),
        provider: "demo".into(),
        status: Status::Running,
        finish_reason: None,
        usage: Usage::default(),
        cost_usd: None,
        timing: Timing::default(),
        attempts: Vec::new(),
        error: None,
        created_at: at(created_at),
        finished_at: None,
    }
}

/// The same run after its end.
pub(crate) fn finished(run: RunRecord, finished_at: i64) -> RunRecord {
    RunRecord {
        version: run.version + 1,
        status: Status::Failed,
        usage: usage_numbers(),
        attempts: vec![Attempt {
            model: "demo".into(),
            provider: "demo".into(),
            status: Status::Failed,
            error_code: Some(ErrorCode::RateLimited),
            duration_ms: 3,
        }],
        finished_at: Some(at(finished_at)),
        ..run
    }
}

/// Events with these ids.
pub(crate) fn events(ids: impl IntoIterator<Item = u64>) -> Vec<EventRecord> {
    ids.into_iter().map(|id| EventRecord { id, name: "text".into(), data: format!(r#"{{"text":"{id} 你好"}}"#) }).collect()
}

pub(crate) fn append(run: u64, ids: impl IntoIterator<Item = u64>) -> Operation {
    Operation::AppendRunEvents { run_id: run_id(run), events: events(ids) }
}

pub(crate) fn provider_config(owner: u64, name: &str, version: u64) -> ProviderConfigRecord {
    ProviderConfigRecord {
        user_id: user_id(owner),
        name: name.into(),
        version,
        kind: Some("openai".into()),
        base_url: Some("http://localhost/v1".into()),
    }
}

pub(crate) fn sealed_key(owner: u64, provider: &str) -> SealedKeyRecord {
    SealedKeyRecord {
        user_id: user_id(owner),
        provider: provider.into(),
        nonce: vec![1; 24],
        sealed: vec![0, 255, 128],
        is_pair: false,
        created_at: at(0),
        token: None,
    }
}

/// A token beside the key of [`sealed_key`].
pub(crate) fn put_sealed_token(owner: u64, provider: &str, number: u8) -> Operation {
    let token = SealedTokenRecord { nonce: vec![2; 24], sealed: vec![number] };
    Operation::PutSealedToken { user_id: user_id(owner), provider: provider.into(), key_nonce: vec![1; 24], token }
}

pub(crate) fn model_config(owner: Option<u64>, model: &str, version: u64) -> ModelConfigRecord {
    ModelConfigRecord {
        owner: owner.map(user_id),
        provider: "openai".into(),
        model: model.into(),
        version,
        enabled: Some(false),
        aliases: vec!["快".into()],
        context_window: None,
        max_output: Some(9),
        price: Some(Price { input: 0.5, cached_input: None, output: 1.5 }),
        params: serde_json::from_str(r#"{"temperature":0.5,"stop":["a",null,{"b":1}]}"#).expect("parameters"),
    }
}

pub(crate) fn model_list(owner: u64, provider: &str, models: &[&str]) -> ModelListRecord {
    ModelListRecord {
        user_id: user_id(owner),
        provider: provider.into(),
        models: models.iter().map(|id| ListedModel { context_window: Some(8), ..ListedModel::named(*id) }).collect(),
        listed_at: at(0),
    }
}

pub(crate) fn vault(location: &str) -> VaultRecord {
    VaultRecord { key_store: "file".into(), location: location.into(), fingerprint: vec![7; 32], created_at: at(0) }
}

pub(crate) fn settings(owner: u64, version: u64, values: &[(&str, &str)]) -> SettingsRecord {
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    SettingsRecord { user_id: user_id(owner), version, values }
}

pub(crate) fn role(owner: u64, name: &str, version: u64) -> RoleRecord {
    RoleRecord {
        user_id: user_id(owner),
        name: name.into(),
        version,
        system: Some("be brief".into()),
        model: None,
        params: serde_json::from_str(r#"{"temperature":0.5,"top_k":[1,null]}"#).expect("parameters"),
        created_at: at(0),
        updated_at: at(1),
    }
}

pub(crate) fn usage(run: u64, owner: u64, time: i64) -> UsageRecord {
    UsageRecord {
        run_id: run_id(run),
        user_id: user_id(owner),
        at: at(time),
        model: "demo".into(),
        provider: "demo".into(),
        status: Status::Complete,
        usage: usage_numbers(),
        cost_usd: Some(0.25),
        timing: Timing { first_token_ms: None, total_ms: Some(9) },
    }
}

pub(crate) fn login_id(number: u64) -> LoginId {
    LoginId::from_bytes(bytes(number))
}

pub(crate) fn token_id(number: u64) -> TokenId {
    TokenId::from_bytes(bytes(number))
}

pub(crate) fn invite_id(number: u64) -> InviteId {
    InviteId::from_bytes(bytes(number))
}

pub(crate) fn password(owner: u64, version: u64) -> PasswordRecord {
    PasswordRecord {
        user_id: user_id(owner),
        version,
        memory_kib: 8,
        passes: 1,
        lanes: 1,
        salt: vec![0, 255],
        hash: vec![version.to_le_bytes()[0]; 32],
        changed_at: at(0),
    }
}

pub(crate) fn login(number: u64, owner: u64, version: u64) -> LoginRecord {
    LoginRecord {
        id: login_id(number),
        user_id: user_id(owner),
        version,
        epoch: 1,
        client: Some("mmp at 家".into()),
        source: "unix:1000".into(),
        family_hash: vec![1; 32],
        refresh_hash: vec![2; 32],
        rotations: vec![RotationRecord { hash: vec![3; 32], salt: vec![4; 32], at: at(1) }],
        created_at: at(0),
        refreshed_at: at(1),
        expires_at: at(2),
    }
}

pub(crate) fn attempt(number: u64, subject: u8, time: i64) -> LoginAttemptRecord {
    LoginAttemptRecord {
        id: AttemptId::from_bytes(bytes(number)),
        subject: [subject; 16],
        user_id: Some(user_id(1)),
        source: "192.0.2.1".into(),
        at: at(time),
        outcome: AttemptOutcome::TooSoon,
    }
}

pub(crate) fn token(number: u64, owner: u64) -> TokenRecord {
    TokenRecord {
        id: token_id(number),
        user_id: user_id(owner),
        name: "ci".into(),
        scopes: vec![Scope::Chat, Scope::Read],
        hash: vec![9; 32],
        created_at: at(0),
        expires_at: Some(at(9)),
        last_used_at: None,
    }
}

pub(crate) fn invite(number: u64, time: i64) -> InviteRecord {
    InviteRecord {
        id: invite_id(number),
        hash: bytes(number).to_vec(),
        role: AccountRole::Admin,
        created_by: user_id(1),
        created_at: at(time),
        expires_at: at(time + 9),
    }
}

/// A line of the audit, by its actor and its target.
pub(crate) fn audit_line(number: u64, kind: AuditKind, actor: Option<u64>, target: Option<u64>, time: i64) -> AuditRecord {
    AuditRecord {
        id: AuditId::from_bytes(bytes(number)),
        at: at(time),
        kind,
        actor: actor.map(user_id),
        target: target.map(user_id),
        source: "unix:0".into(),
        request_id: Some("0a0b0c0d".into()),
        detail: None,
    }
}
