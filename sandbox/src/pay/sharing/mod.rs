//! Profit sharing (分账): receivers, orders, giving back, what is left.

mod giveback;
mod order;
mod receiver;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::state::Sandbox;

pub use order::SharingOrder;

/// What is remembered of profit sharing.
#[derive(Default)]
pub struct Sharing {
    /// Who may receive, by whose relation.
    pub receivers: Vec<receiver::Receiver>,
    /// Orders to share.
    pub orders: Vec<SharingOrder>,
    /// What was given back.
    pub returns: Vec<giveback::Return>,
}

/// The addresses of profit sharing.
pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/v3/profitsharing/receivers/add", post(receiver::add))
        .route("/v3/profitsharing/receivers/delete", post(receiver::delete))
        .route(
            "/v3/profitsharing/merchant-configs/{sub_mchid}",
            get(receiver::ratio),
        )
        .route("/v3/profitsharing/orders", post(order::share))
        .route("/v3/profitsharing/orders/unfreeze", post(order::unfreeze))
        .route("/v3/profitsharing/orders/{number}", get(order::query))
        .route(
            "/v3/profitsharing/transactions/{transaction_id}/amounts",
            get(order::amounts),
        )
        .route("/v3/profitsharing/return-orders", post(giveback::create))
        .route("/v3/profitsharing/return-orders/{number}", get(giveback::query))
}
