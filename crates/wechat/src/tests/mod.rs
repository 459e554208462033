//! One test binary: published vectors, properties, the pitfalls that other clients fell into, hostile input.

mod account;
mod callback;
mod calls;
mod notice;
mod orders;
mod pitfalls;
mod push;
mod rules;
mod support;
mod transport;
mod vectors;
