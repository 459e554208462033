//! Another way for money whose first way back was barred (发起异常退款, doc 4017150905).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::{Extension, Json};
use serde_json::Value;

use super::{Refund, Status, outcome};
use crate::pay::merchant::named_sub_merchant;
use crate::pay::platform::Opener;
use crate::pay::{Merchant, Refused, read_json, required};
use crate::state::Sandbox;

/// `POST /v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund`.
pub async fn apply(
    State(sandbox): State<Arc<Sandbox>>,
    Extension(merchant): Extension<Merchant>,
    Path(refund_id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Refused> {
    let request = read_json(&body)?;
    let out_refund_no = required(&request, "out_refund_no", 64)?;
    let received_by = receiver(&request, &Opener::new(&sandbox, &headers))?;
    let answer = sandbox.change(|world| {
        let sub = named_sub_merchant(world, &merchant, request["sub_mchid"].as_str())?;
        let mine = |refund: &&mut Refund| {
            refund.merchant == merchant
                && refund.sub_mchid == sub
                && refund.refund_id == refund_id
                && refund.out_refund_no == out_refund_no
        };
        let refund = world.pay.refunds.iter_mut().find(mine);
        let refund = refund.ok_or_else(|| Refused::new(404, "RESOURCE_NOT_EXISTS", "退款单不存在"))?;
        if refund.status != Status::Abnormal {
            return Err(Refused::invalid("退款单状态不是退款异常，不能发起异常退款"));
        }
        refund.status = Status::Processing;
        refund.done_ms = None;
        refund.received_by = received_by;
        Ok(refund.answer())
    })?;
    outcome::complete_later(&sandbox, refund_id);
    Ok(Json(answer))
}

fn receiver(request: &Value, opener: &Opener) -> Result<String, Refused> {
    match required(request, "type", 32)? {
        "MERCHANT_BANK_CARD" => Ok("商户银行账户".to_owned()),
        "USER_BANK_CARD" => {
            required(request, "bank_type", 16)?;
            let number = opener.open("/bank_account", required(request, "bank_account", 1024)?)?;
            opener.open("/real_name", required(request, "real_name", 1024)?)?;
            if number.len() < 12 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(Refused::parameter("/bank_account", "不是银行卡号"));
            }
            Ok(format!("银行卡{}", &number[number.len() - 4..]))
        }
        _ => Err(Refused::parameter(
            "/type",
            "只能是 USER_BANK_CARD 或 MERCHANT_BANK_CARD",
        )),
    }
}
