//! One test binary: published vectors, properties, the pitfalls that other clients fell into, hostile input.

mod account;
mod callback;
mod calls;
mod media;
mod menus;
mod notice;
mod orders;
mod outward;
mod people;
mod pitfalls;
mod push;
mod refresher;
mod rules;
mod support;
mod transport;
mod vectors;
