//! Puts tool calls together from the pieces that a stream sends.
//!
//! Pieces belong together by `index`; a piece without one is a new call unless it can only go on with the last. What is
//! empty never takes the place of what is not. A call is handed over whole: a stream that is cut hands over none.

use mmp_shared::message::ToolCall;
use serde_json::Value;

use super::content::text;

/// The calls so far.
#[derive(Debug, Default)]
pub struct ToolCalls {
    slots: Vec<Slot>,
    handed_over: usize,
}

#[derive(Debug, Default)]
struct Slot {
    index: Option<u64>,
    id: String,
    name: String,
    arguments: String,
}

impl ToolCalls {
    /// Takes what a message or a delta says of tools, the older `function_call` included.
    pub fn read(&mut self, message: &Value) {
        if let Some(pieces) = message.get("tool_calls").and_then(Value::as_array) {
            for piece in pieces.iter().filter(|piece| piece.is_object()) {
                self.add(piece, piece.get("function").unwrap_or(piece));
            }
        }
        if let Some(function) = message.get("function_call").filter(|function| function.is_object()) {
            let slot = if self.slots.is_empty() { self.begin(None) } else { 0 };
            self.slots[slot].add("", function);
        }
    }

    /// Whether there is any.
    pub const fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The calls that were not handed over yet, each whole.
    pub fn take(&mut self) -> Vec<ToolCall> {
        let from = std::mem::replace(&mut self.handed_over, self.slots.len());
        self.slots[from..]
            .iter_mut()
            .map(|slot| ToolCall::new(slot.id.clone(), slot.name.clone(), std::mem::take(&mut slot.arguments)))
            .collect()
    }

    fn add(&mut self, piece: &Value, function: &Value) {
        let index = piece.get("index").and_then(Value::as_u64);
        let id = text(piece, "id").unwrap_or_default();
        let name = text(function, "name").unwrap_or_default();
        let slot = self.find(index, id, name).unwrap_or_else(|| self.begin(index));
        self.slots[slot].add(id, function);
    }

    /// The call that a piece goes on with. Servers that give every call the same index are told apart by the id.
    fn find(&self, index: Option<u64>, id: &str, name: &str) -> Option<usize> {
        let begins = |slot: &Slot| !id.is_empty() && !name.is_empty() && !slot.id.is_empty() && slot.id != id;
        match index {
            Some(_) => self.slots.iter().rposition(|slot| slot.index == index).filter(|&found| !begins(&self.slots[found])),
            None if !id.is_empty() => self.slots.iter().rposition(|slot| slot.id == id),
            None if name.is_empty() => self.slots.len().checked_sub(1),
            None => None,
        }
    }

    fn begin(&mut self, index: Option<u64>) -> usize {
        self.slots.push(Slot { index, ..Slot::default() });
        self.slots.len() - 1
    }
}

impl Slot {
    fn add(&mut self, id: &str, function: &Value) {
        if self.id.is_empty() {
            id.clone_into(&mut self.id);
        }
        if self.name.is_empty() {
            text(function, "name").unwrap_or_default().clone_into(&mut self.name);
        }
        match function.get("arguments") {
            Some(Value::String(piece)) => self.arguments.push_str(piece),
            None | Some(Value::Null) => {}
            // Parsed already: as the text that it would have been.
            Some(whole) => self.arguments = whole.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn calls(pieces: &[Value]) -> Vec<(String, String, String)> {
        let mut calls = ToolCalls::default();
        pieces.iter().for_each(|piece| calls.read(&json!({ "tool_calls": piece })));
        calls.take().into_iter().map(|call| (call.id, call.name, call.arguments_raw)).collect()
    }

    fn call(id: &str, name: &str, arguments: &str) -> (String, String, String) {
        (id.into(), name.into(), arguments.into())
    }

    #[test]
    fn pieces_are_joined_by_index_and_empty_ones_change_nothing() {
        let pieces = [
            json!([{"index": 0, "id": "a", "function": {"name": "one", "arguments": ""}}]),
            json!([{"index": 0, "id": "", "function": {"name": "", "arguments": "{\"x\""}}]),
            json!([{"index": 1, "id": "b", "function": {"name": "two", "arguments": "{}"}}]),
            json!([{"index": 0, "id": null, "function": {"arguments": ":1}"}}]),
        ];
        assert_eq!(calls(&pieces), [call("a", "one", "{\"x\":1}"), call("b", "two", "{}")]);
    }

    #[test]
    fn without_an_index_each_entry_is_a_call() {
        let pieces =
            [json!([{"id": "a", "function": {"name": "one", "arguments": {"x": 1}}}, {"id": "b", "function": {"name": "one"}}])];
        assert_eq!(calls(&pieces), [call("a", "one", "{\"x\":1}"), call("b", "one", "")]);
    }

    #[test]
    fn one_index_for_all_is_told_apart_by_the_id() {
        let pieces = [
            json!([{"index": 0, "id": "a", "function": {"name": "one", "arguments": "{}"}}]),
            json!([{"index": 0, "id": "b", "function": {"name": "two", "arguments": "{}"}}]),
        ];
        assert_eq!(calls(&pieces), [call("a", "one", "{}"), call("b", "two", "{}")]);
    }

    #[test]
    fn the_older_shape_is_one_call() {
        let mut calls = ToolCalls::default();
        calls.read(&json!({"function_call": {"name": "one", "arguments": "{\"x\":"}}));
        calls.read(&json!({"function_call": {"arguments": "1}"}}));
        assert_eq!(calls.take(), [ToolCall::new(String::new(), "one".into(), "{\"x\":1}".into())]);
        assert_eq!(calls.take(), []);
    }
}
