//! The doors that WeChat knocks on. The signature is the permission; who knocks at which of them does not matter.

use std::sync::Arc;

use http::{HeaderMap, StatusCode, header};
use kernel::Actor;
use web::{Allow, Answer, Ask, Bytes, IntoResponse, Routes};
use wechat::pay::failure_body;

use crate::{
    WeChatPay,
    inbox::{self, Reception},
    wechat_pay::{PAYMENT_NOTICES, REFUND_NOTICES},
};

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .post(PAYMENT_NOTICES, Allow::Outside, notice)
        .post(REFUND_NOTICES, Allow::Outside, notice)
}

/// Answers within milliseconds: the notice is checked and laid into the inbox, the work is a job's. What is not believed
/// gets its status and leaves no trace in the database; a fault is a 500, after which WeChat tells again.
async fn notice(ask: Ask, headers: HeaderMap, body: Bytes) -> Answer {
    let reception = ask
        .blocking(move |app, cx| {
            let cx = cx.acting(Actor::System("wechat.notice"));
            inbox::receive(&app.db, &cx, app.plug::<Arc<WeChatPay>>(), &headers, &body)
        })
        .await?;
    Ok(match reception {
        Reception::Taken => StatusCode::NO_CONTENT.into_response(),
        Reception::Rejected(rejected) => {
            let status = StatusCode::from_u16(rejected.http_status()).unwrap_or(StatusCode::UNAUTHORIZED);
            let body = failure_body(&rejected.to_string());
            (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
        }
    })
}
