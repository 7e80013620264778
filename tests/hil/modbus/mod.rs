//! Modbus against pymodbus, both ways round, on pseudo-terminals and over TCP.

mod ask;
mod board;
mod peer;
mod pump;
mod terminal;
