//! The page with the phone and the log beside it.

use maud::{DOCTYPE, Markup, html};

use crate::place;
use crate::state::Sandbox;

/// The whole page for `person`.
pub fn phone(sandbox: &Sandbox, person: &str) -> Markup {
    let name = sandbox
        .look(|world| world.person(person).map(|person| person.name.clone()))
        .unwrap_or_default();
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (name) "的手机 · 本地微信" }
                link rel="icon" href={ "/phone/avatar/" (person) ".svg" };
                link rel="stylesheet" href="/phone/phone.css";
                script type="module" src="/phone/phone.js" {}
            }
            body.bench data-person=(person) data-program=(sandbox.config.program) {
                (bench_header(sandbox, person))
                main {
                    section.phone aria-label={ (name) "的手机" } {
                        div.screen {
                            div.status aria-hidden="true" { span #clock { "9:41" } span { "5G ▮▮▮" } }
                            (list_view(sandbox))
                            (chat_view(sandbox))
                            (web_view())
                            div #sheet.sheet role="dialog" aria-modal="true" aria-labelledby="sheet-title" hidden {}
                        }
                    }
                    section.log aria-labelledby="log-title" {
                        h2 #log-title { "程序与微信的往来 " small { "traffic" } }
                        p.hint { "最新的在上面；密钥和令牌已遮盖。 Newest first; secrets are masked." }
                        ol #traffic {}
                    }
                }
                p #live.visually-hidden role="status" {}
            }
        }
    }
}

fn bench_header(sandbox: &Sandbox, person: &str) -> Markup {
    let people = sandbox.look(|world| {
        world
            .people
            .iter()
            .map(|person| (person.id.clone(), person.name.clone()))
            .collect::<Vec<_>>()
    });
    let mut stations: Vec<_> = place::stations().collect();
    stations.sort_by_key(|(name, lines, _)| (*lines, *name));
    html! {
        header.bench-header {
            h1 { "本地微信 " small { "local WeChat" } }
            form method="get" action="/phone" {
                label for="person" { "用手机的人" }
                select #person name="person" {
                    @for (id, name) in &people { option value=(id) selected[id == person] { (name) } }
                }
                button { "换人" }
            }
            form #place-form {
                label for="station" { "所在位置" }
                select #station {
                    option value="" { "地铁站…" }
                    @for (name, lines, _) in &stations { option value=(name) { (name) "（" (lines) "）" } }
                }
                label.visually-hidden for="lat" { "纬度（WGS-84）" }
                input #lat type="number" step="any" min="-90" max="90" required;
                label.visually-hidden for="lng" { "经度（WGS-84）" }
                input #lng type="number" step="any" min="-180" max="180" required;
                button { "定位到这里" }
            }
            a href="/control" { "控制台" }
        }
    }
}

fn list_view(sandbox: &Sandbox) -> Markup {
    html! {
        div #list.view {
            div.bar { h2 { "微信" } }
            ul.threads {
                li {
                    button #open-account type="button" {
                        span.badge.account aria-hidden="true" { "按" }
                        span.lines { strong { (sandbox.config.account_name) } span #account-last { "公众号" } }
                    }
                }
                li {
                    button #open-wechat_pay type="button" {
                        span.badge.pay aria-hidden="true" { "付" }
                        span.lines { strong { "微信支付" } span #wechat_pay-last { "还没有支付凭证" } }
                    }
                }
            }
            p.buttons { button #scan type="button" { "扫一扫" } }
        }
    }
}

fn chat_view(sandbox: &Sandbox) -> Markup {
    html! {
        div #chat.view hidden {
            div.bar {
                button #chat-back type="button" aria-label="返回聊天列表" { "‹" }
                h2 #chat-title tabindex="-1" { (sandbox.config.account_name) }
                button #unfollow type="button" { "取消关注" }
            }
            ol #messages.messages aria-label="消息" tabindex="0" {}
            div #follow-bar.follow-bar {
                p { "关注后可以收到消息" }
                button #follow.primary type="button" { "关注公众号" }
            }
            div #chat-foot {
                div #compose hidden {
                    form #say {
                        label.visually-hidden for="words" { "发消息" }
                        input #words maxlength="2000" autocomplete="off" required;
                        button.primary { "发送" }
                    }
                    p.buttons {
                        button #send-picture type="button" { "发图片" }
                        button #send-place type="button" { "发位置" }
                    }
                }
                nav.menu aria-label="公众号菜单" {
                    button #keyboard type="button" aria-expanded="false" aria-controls="compose" aria-label="输入消息" { "⌨" }
                    ul #menu {}
                }
            }
        }
    }
}

fn web_view() -> Markup {
    html! {
        div #web.view hidden {
            div.bar {
                button #web-back type="button" aria-label="返回上一页" { "‹" }
                h2 #web-title tabindex="-1" { "网页" }
                button #web-more type="button" aria-label="更多" { "⋯" }
                button #web-close type="button" aria-label="关闭网页" { "✕" }
            }
            div #frame.frame {}
        }
    }
}
