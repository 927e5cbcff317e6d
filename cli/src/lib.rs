//! The client of mmp: commands for people, scripts and pipes.
