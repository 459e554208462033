use serde_json::json;

use super::refund::same_refund;
use super::{OutRefundNo, Payee, Refund};
use crate::{At, Outcome, Secret, Verified, url};

/// A way out for a refund that is `ABNORMAL`: the person's bank cannot take it (wechatpay-skills,
/// CreateAbnormalRefund).
#[derive(Clone, Debug)]
pub struct AbnormalRefund {
    /// WeChat Pay's number of the refund.
    pub refund_id: String,
    /// Our number of the refund.
    pub out_refund_no: OutRefundNo,
    /// Where the money goes.
    pub to: AbnormalReceiver,
}

/// Where an abnormal refund goes.
#[derive(Clone, Debug)]
pub enum AbnormalReceiver {
    /// To a bank card of the person, `USER_BANK_CARD`. The card must be the one that paid or another of the same person.
    UserCard {
        /// The bank, as in WeChat Pay's list of `bank_type`: `ICBC_DEBIT`.
        bank_type: String,
        /// The card's number. Sent encrypted.
        account: Secret<String>,
        /// The holder's name. Sent encrypted.
        name: Secret<String>,
    },
    /// To the merchant's own account, `MERCHANT_BANK_CARD`: it then pays the person some other way.
    MerchantAccount,
}

impl Payee<'_> {
    /// Sends an abnormal refund on its way. After an unknown outcome: the same again, or a query by
    /// [`Payee::query_refund`].
    pub fn apply_abnormal_refund(
        &self,
        at: At,
        nonce: &str,
        wish: &AbnormalRefund,
    ) -> Outcome<Verified<Refund>> {
        let path = format!(
            "/v3/refund/domestic/refunds/{}/apply-abnormal-refund",
            url::encode(&wish.refund_id)
        );
        let mut body = json!({"out_refund_no": wish.out_refund_no.as_str()});
        if let Some(sub_mchid) = self.sub_mchid() {
            body["sub_mchid"] = json!(sub_mchid);
        }
        let answer = match &wish.to {
            AbnormalReceiver::MerchantAccount => {
                body["type"] = json!("MERCHANT_BANK_CARD");
                self.pay.post(at, nonce, &path, &body)
            }
            AbnormalReceiver::UserCard {
                bank_type,
                account,
                name,
            } => self.pay.post_sealed(at, nonce, &path, |sealer| {
                body["type"] = json!("USER_BANK_CARD");
                body["bank_type"] = json!(bank_type);
                body["bank_account"] = json!(sealer.seal(account)?);
                body["real_name"] = json!(sealer.seal(name)?);
                Ok(body)
            }),
        };
        answer.and_then(|refund| same_refund(refund, &wish.out_refund_no))
    }
}
