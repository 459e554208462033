//! One test binary: published vectors, properties, the pitfalls that other clients fell into, hostile input.

mod abnormal;
mod account;
mod affairs;
mod applyment;
mod bills;
mod callback;
mod calls;
mod certificates;
mod echo;
mod media;
mod menus;
mod mutations;
mod notice;
mod open_orders;
mod orders;
mod outward;
mod people;
mod pitfalls;
mod push;
mod refresher;
mod retry;
mod rules;
mod sharing;
mod support;
mod transport;
mod vectors;
