//! The control desk as a page: plain forms and buttons over the JSON API.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Html;
use maud::{DOCTYPE, Markup, html};

use crate::clock::beijing;
use crate::fault::Kind;
use crate::state::Sandbox;

/// How the message push may be encrypted, in words.
const PUSH_MODES: [(&str, &str); 3] = [
    ("plain", "明文 · plain"),
    ("compatible", "兼容 · both"),
    ("safe", "安全 · encrypted"),
];

/// The faults in words, in the order in which one wants them.
const FAULTS: [(&str, &str); 34] = [
    ("notice_lost", "支付通知丢失 · the notice never arrives"),
    ("notice_delayed", "支付通知迟到 · the notice is late"),
    (
        "notice_duplicated",
        "支付通知重复 · the notice comes several times at once",
    ),
    ("notice_reordered", "支付通知乱序 · a later notice comes first"),
    ("notice_forged", "伪造签名的通知 · a forged notice first"),
    ("notice_signtest", "签名探测通知 · a SIGNTEST notice first"),
    ("response_lost", "已办理但无应答 · done, but the answer is lost"),
    ("response_slow", "已办理但应答很慢 · done, but the answer is late"),
    (
        "response_broken",
        "已办理但应答残缺 · done, but the answer is broken JSON",
    ),
    (
        "response_unsigned",
        "应答没有签名 · a response without a signature",
    ),
    ("response_signtest", "应答带探测签名 · a SIGNTEST response"),
    ("clock_skew", "应答时间超前 6 分钟 · a response six minutes ahead"),
    (
        "clock_behind",
        "应答时间落后 6 分钟 · a response six minutes behind",
    ),
    ("pay_system_error", "支付系统错误 500 · SYSTEM_ERROR"),
    ("pay_rate_limited", "支付频率超限 429 · FREQUENCY_LIMITED"),
    ("pay_user_paying", "用户支付中 202 · USER_PAYING"),
    ("refund_abnormal", "退款异常 · a refund ends ABNORMAL"),
    ("refund_closed", "退款关闭 · a refund ends CLOSED"),
    ("refund_stuck", "退款一直处理中 · a refund stays PROCESSING"),
    (
        "sharing_failed",
        "分账接收方异常 · a receiver of a sharing is closed",
    ),
    ("token_revoked", "令牌提前失效 40001 · tokens die early"),
    ("oa_busy", "公众号接口繁忙 -1 · system busy"),
    ("oa_quota", "公众号接口超额 45009 · quota used up"),
    ("oa_ip", "调用 IP 不在白名单 40164 · not in the whitelist"),
    (
        "oa_error",
        "公众号接口答指定的 errcode · an errcode of your choice, with HTTP 200",
    ),
    ("oa_slow", "公众号接口很慢 · an answer comes late"),
    ("template_failed", "模板消息发送失败 · failed: system failed"),
    ("mass_rejected", "群发审核不过 · a message to many is refused"),
    ("publish_rejected", "发布审核不过 · a publication is refused"),
    ("snapshot_user", "快照页用户 · the next OAuth is a snapshot user"),
    ("pushes_lost", "消息推送丢失 · a message push is lost"),
    ("push_delayed", "消息推送迟到 · a message push is late"),
    (
        "push_duplicated",
        "消息推送重复 · a message push comes again and again",
    ),
    (
        "push_parallel",
        "消息推送同时重复 · copies of a message push at once",
    ),
];

/// The rows whose kind the API takes.
fn faults() -> impl Iterator<Item = (&'static str, &'static str)> {
    let taken = |(kind, _): &(&str, &str)| serde_json::from_value::<Kind>((*kind).into()).is_ok();
    FAULTS.into_iter().filter(taken)
}

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
                header {
                    h1 { "控制台 " small { "control desk of the local WeChat" } }
                    p { a href="/phone" { "回到手机 · to the phone" } }
                }
                main {
                    p #status role="status" {}
                    div.two { (time_section(&sandbox)) (fault_section()) }
                    (people_section())
                    (pay_section())
                    div.two { (account_section()) (keys_section(&sandbox)) }
                    (log_section())
                }
            }
        }
    };
    Html(page.into_string())
}

fn time_section(sandbox: &Sandbox) -> Markup {
    let (scale, now) = (sandbox.clock.scale(), beijing(sandbox.clock.now_ms()));
    html! {
        section aria-labelledby="time-title" {
            h2 #time-title { "时间 · time" }
            p { "现在 " time #now { (now) } "，等待快 " span #pace { (scale) } " 倍" }
            form #time {
                label for="scale" { "等待的倍数（有效期、重试）" }
                input #scale name="scale" type="number" min="0.001" step="any" value=(scale);
                button type="submit" { "设定" }
            }
            p.line {
                @for (scale, words) in [(1, "真实"), (60, "1 小时 = 1 分钟"), (3600, "1 小时 = 1 秒"), (86_400, "1 天 = 1 秒")] {
                    button type="button" data-scale=(scale) { (words) }
                }
            }
            form #forward {
                label for="minutes" { "把时钟往前拨几分钟" }
                input #minutes name="minutes" type="number" step="1" value="30";
                button type="submit" { "拨钟" }
            }
            p.hint { "倍数只缩短等待：令牌、授权码、prepay_id、二维码、客服窗口、通知重试。拨钟改变双方共用的时刻。" }
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
                    @for (kind, words) in faults() { option value=(kind) { (words) } }
                }
                label for="times" { "次数" }
                input #times name="times" type="number" min="1" value="1";
                label for="delay" { "迟到毫秒" }
                input #delay name="delay_ms" type="number" min="0" value="5000";
                label for="path" { "只对路径（可空）" }
                input #path.wide name="path" type="text" placeholder="/cgi-bin/user/info";
                label for="errcode" { "errcode（可空）" }
                input #errcode name="errcode" type="number" step="1";
                button type="submit" { "加上" }
            }
            h3 { "等待中 · waiting" }
            ul #waiting {}
            p.line { button type="button" #clear { "清除全部故障" } }
        }
    }
}

/// A table that the script fills; wide ones scroll sideways inside their own box.
fn filled(id: &str, caption: &str, columns: &[&str]) -> Markup {
    html! {
        section.scroll-x tabindex="0" aria-labelledby={ (id) "-caption" } {
            table {
                caption id={ (id) "-caption" } { (caption) }
                thead { tr { @for column in columns { th scope="col" { (column) } } } }
                tbody id=(id) {}
            }
        }
    }
}

fn people_section() -> Markup {
    html! {
        section aria-labelledby="people-title" {
            h2 #people-title { "人 · people" }
            (filled("people", "谁拿着手机，是否关注，站在哪里", &["姓名", "OpenID", "关注", "位置 WGS-84", "网络", "操作"]))
        }
    }
}

fn pay_section() -> Markup {
    html! {
        section aria-labelledby="pay-title" {
            h2 #pay-title { "支付 · payments" }
            (filled("payments", "订单，最新的在上面", &["商户订单号", "商品", "金额", "状态", "付款人", "操作"]))
            (filled("refunds", "退款", &["商户退款单号", "商户订单号", "金额", "原因", "状态"]))
            (filled("notices", "通知和每次投递的应答；0 是没有应答", &["事件", "商户订单号", "投递", "结果", "操作"]))
        }
    }
}

fn account_section() -> Markup {
    html! {
        section aria-labelledby="account-title" {
            h2 #account-title { "公众号 · account" }
            h3 { "菜单" }
            ul #menu-buttons {}
            h3 { "带参数二维码" }
            form #code {
                label for="scene" { "场景" }
                input #scene type="text" name="scene" maxlength="64" required;
                label for="seconds" { "有效秒数（空着是永久）" }
                input #seconds name="seconds" type="number" min="1" max="2592000";
                button type="submit" { "生成" }
            }
            ul #codes.codes {}
            h3 { "消息推送和接口" }
            form #push {
                label for="mode" { "消息推送的加密" }
                select #mode name="mode" {
                    @for (mode, words) in PUSH_MODES { option value=(mode) { (words) } }
                }
                button type="submit" { "改用" }
            }
            form #whitelist {
                label for="ips" { "IP 白名单（用空格隔开；空着谁都可以）" }
                input #ips.wide name="ips" type="text" placeholder="127.0.0.1";
                button type="submit" { "设定白名单" }
            }
            form #quota {
                label for="interface" { "接口" }
                input #interface.wide name="path" type="text" required placeholder="/cgi-bin/user/info";
                label for="daily" { "每天几次（0 不限）" }
                input #daily name="daily" type="number" min="0" required;
                label for="per-minute" { "每分钟几次（可空）" }
                input #per-minute name="per_minute" type="number" min="0";
                button type="submit" { "设定额度" }
            }
            p.line {
                button type="button" data-post="/control/secret" data-body="{\"frozen\":true}" { "冻结 AppSecret" }
                button type="button" data-post="/control/secret" data-body="{\"frozen\":false}" { "解冻 AppSecret" }
                button type="button" data-post="/control/token/revoke" { "让所有 access_token 失效" }
                button type="button" data-post="/control/callback/verify" { "验证服务器地址" }
            }
        }
    }
}

/// What a program is configured with; the secrets stand in the file and behind the link.
fn keys_section(sandbox: &Sandbox) -> Markup {
    let given = &sandbox.credentials;
    let rows = [
        ("AppID", given.app_id.as_str()),
        ("服务商 mchid", given.partner.mchid.as_str()),
        ("服务商证书序列号", given.partner.serial.as_str()),
        ("直连商户 mchid", given.direct.mchid.as_str()),
        ("直连商户证书序列号", given.direct.serial.as_str()),
        ("微信支付公钥 ID", given.platform.public_key_id.as_str()),
        ("接口地址", given.api.as_str()),
        ("消息推送到", sandbox.config.callback.as_str()),
        ("JS-SDK", given.jssdk.as_str()),
    ];
    html! {
        section aria-labelledby="keys-title" {
            h2 #keys-title { "密钥 · keys" }
            dl { @for (label, value) in rows { dt { (label) } dd { code { (value) } } } }
            p { a href="/control/credentials" { "全部配置，JSON，含密钥 · everything a program needs, with secrets" } }
            h3 { "模板库" }
            dl { @for template in &given.templates { dt { (template.title) } dd { code { (template.template_id) } } } }
        }
    }
}

fn log_section() -> Markup {
    html! {
        section.log aria-labelledby="log-title" {
            h2 #log-title { "往来 · traffic" }
            form #filter role="search" {
                label for="topic" { "类别" }
                select #topic {
                    @for topic in ["", "公众号接口", "网页授权", "微信支付", "消息推送", "支付通知"] {
                        option value=(topic) { @if topic.is_empty() { "全部" } @else { (topic) } }
                    }
                }
                label for="words" { "包含" }
                input #words type="search";
                button type="submit" { "筛选" }
            }
            ol #traffic.traffic {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Kind, faults};

    #[test]
    fn every_fault_that_the_api_takes_stands_on_the_page() {
        // An unknown kind is refused with the names of all that there are.
        let refusal = serde_json::from_str::<Kind>("\"none\"").unwrap_err().to_string();
        let canonical = |name: &str| {
            let kind: Kind = serde_json::from_str(&format!("\"{name}\"")).unwrap();
            serde_json::to_string(&kind).unwrap().trim_matches('"').to_owned()
        };
        let all: BTreeSet<String> = refusal.split('`').skip(3).step_by(2).map(canonical).collect();
        let shown: BTreeSet<String> = faults().map(|(kind, _)| canonical(kind)).collect();
        assert!(all.len() > 10, "{refusal}");
        assert_eq!(all, shown);
    }
}
