//! What flags and `--param` become in the request that each provider gets.
