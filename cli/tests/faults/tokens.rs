//! The token of Wenxin's older API.
