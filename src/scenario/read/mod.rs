//! Decoders of the language, one file for each part of it.

mod amnesty;
mod area;
mod crowd;
mod domain;
mod entries;
mod expect;
mod fault;
mod floor;
mod hardware;
mod in_in;
mod lane;
mod lane_row;
mod lane_type;
mod library;
mod luggage;
mod operate;
mod passable;
mod people;
mod policy;
mod population;
mod reader;
mod scenario;
mod script;
mod second_read;
mod site;
mod tables;
mod technology;
mod walk;
mod walkers;
mod week;

pub(super) use lane_type::{LaneTypes, lane_type, lane_types};
pub(super) use population::{population, populations};
pub(super) use scenario::{head, scenario};
pub(super) use site::site;
pub(super) use tables::Tables;
pub(super) use week::parse_times;
