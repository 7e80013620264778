//! Both ends in memory, in virtual time, through a wire that loses, damages, doubles and delays bytes.

mod bench;
mod cards;
mod misuse;
mod secure;
