//! The control desk as a page: plain forms and buttons over the JSON API.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use maud::{DOCTYPE, Markup, html};

use crate::state::Sandbox;

/// The faults with what they do, in the order in which one wants them.
const FAULTS: [(&str, &str); 15] = [
    ("notice_lost", "支付通知丢失 · the notice never arrives"),
    ("notice_delayed", "支付通知迟到 · the notice is late"),
    (
        "notice_duplicated",
        "支付通知重复 · the notice comes several times at once",
    ),
    ("notice_forged", "伪造签名的通知 · a forged notice first"),
    ("notice_signtest", "签名探测通知 · a SIGNTEST notice first"),
    ("response_lost", "已办理但无应答 · done, but the answer is lost"),
    ("response_signtest", "应答带探测签名 · a SIGNTEST response"),
    ("clock_skew", "应答时间超前 6 分钟 · a response six minutes ahead"),
    ("pay_system_error", "支付系统错误 500 · SYSTEM_ERROR"),
    ("pay_rate_limited", "支付频率超限 429 · FREQUENCY_LIMITED"),
    ("token_revoked", "令牌提前失效 40001 · tokens die early"),
    ("oa_busy", "公众号接口繁忙 -1 · system busy"),
    ("oa_quota", "公众号接口超额 45009 · quota used up"),
    ("snapshot_user", "快照页用户 · the next OAuth is a snapshot user"),
    ("pushes_lost", "消息推送丢失 · a message push is lost"),
];

/// `GET /control`.
pub async fn show(State(sandbox): State<Arc<Sandbox>>) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "控制台 · 本地微信" }
                link rel="icon" href="/phone/picture.svg";
                link rel="stylesheet" href="/phone/phone.css";
                script type="module" src="/phone/control.js" {}
            }
            body.control {
                header { h1 { "控制台" } p { a href="/phone" { "回到手机 · to the phone" } } }
                main {
                    p #status role="status" {}
                    (time_section(&sandbox))
                    (fault_section())
                    section aria-labelledby="acts" {
                        h2 #acts { "其他 · more" }
                        p.buttons {
                            button type="button" data-post="/control/token/revoke" { "让所有 access_token 失效" }
                            button type="button" data-post="/control/callback/verify" { "验证服务器地址" }
                        }
                    }
                    section aria-labelledby="payments-title" {
                        h2 #payments-title { "支付 · payments" }
                        table {
                            thead { tr {
                                th scope="col" { "订单号" } th scope="col" { "金额" } th scope="col" { "状态" }
                                th scope="col" { "付款人" } th scope="col" { "通知" }
                            } }
                            tbody #payments {}
                        }
                    }
                }
            }
        }
    };
    Html(page.into_string())
}

fn time_section(sandbox: &Sandbox) -> Markup {
    let scale = sandbox.clock.scale();
    html! {
        section aria-labelledby="time-title" {
            h2 #time-title { "时间 · time" }
            form #time {
                label for="scale" { "时间倍数（令牌、授权码、通知重试按此加快）" }
                input #scale name="scale" type="number" min="0.001" step="any" value=(scale);
                button { "设定" }
            }
            form #forward {
                label for="minutes" { "把时钟往前拨几分钟（共用这个时钟的程序一起拨）" }
                input #minutes name="minutes" type="number" step="1" value="30";
                button { "拨钟" }
            }
        }
    }
}

fn fault_section() -> Markup {
    html! {
        section aria-labelledby="faults-title" {
            h2 #faults-title { "故障 · faults" }
            form #fault {
                label for="kind" { "故障" }
                select #kind name="kind" {
                    @for (kind, words) in FAULTS { option value=(kind) { (words) } }
                }
                label for="times" { "次数" }
                input #times name="times" type="number" min="1" value="1";
                label for="delay" { "迟到毫秒" }
                input #delay name="delay_ms" type="number" min="0" value="5000";
                button { "加上" }
                button type="button" #clear { "全部清除" }
            }
            h3 { "等待中 · waiting" }
            ul #waiting {}
        }
    }
}
