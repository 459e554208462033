//! One test binary: published vectors, properties, the pitfalls that other clients fell into, hostile input.

mod account;
mod affairs;
mod articles;
mod callback;
mod calls;
mod mass;
mod media;
mod menus;
mod notice;
mod notices;
mod orders;
mod people;
mod pitfalls;
mod push;
mod refresher;
mod results;
mod rules;
mod support;
mod transport;
mod vectors;
