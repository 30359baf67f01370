//! The interviewer in the room: the interview as the agent sees it, and agents in the rooms of a server.

mod interview;
mod ipv6;
mod remote;
mod remote_sound;
mod rooms;
mod spoken;
mod tls;
mod worker;
