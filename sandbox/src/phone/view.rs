//! What stands on the screen: one section for each place of the app, of which one shows.

use maud::{Markup, html};

use super::icon::icon;
use super::page::Somebody;
use crate::state::Sandbox;

/// All views, and the tabs at the foot.
pub fn views(sandbox: &Sandbox, person: &str, name: &str, people: &[Somebody]) -> Markup {
    let account = sandbox.config.account_name.as_str();
    let friends: Vec<&Somebody> = people.iter().filter(|(id, _)| id != person).collect();
    html! {
        section #list.view aria-labelledby="list-title" {
            div.bar { h2 #list-title tabindex="-1" { "微信" } (round("scan", "scan", "扫一扫")) }
            ul #threads.rows {}
        }
        (contacts(account, &friends))
        (discover())
        (me(sandbox, person, name, &friends))
        (chat(account))
        (profile(account))
        section #bills.view aria-labelledby="bills-title" hidden {
            div.bar { (round("bills-back", "back", "返回我")) h2 #bills-title tabindex="-1" { "账单" } span.spacer {} }
            div #bill-list.scroll {}
        }
        section #bill.view aria-labelledby="bill-title" hidden {
            div.bar { (round("bill-back", "back", "返回账单")) h2 #bill-title tabindex="-1" { "账单详情" } span.spacer {} }
            div #bill-body.scroll {}
        }
        section #web.view aria-labelledby="web-title" hidden {
            div.bar {
                (round("web-close", "close", "关闭网页"))
                (round("web-back", "back", "返回上一页"))
                h2 #web-title tabindex="-1" { "网页" }
                (round("web-more", "more", "更多"))
            }
            div #progress.progress hidden {}
            div #frame.frame {}
        }
        nav #tabs.tabs aria-label="微信" {
            (tab("list", "chats", "微信"))
            (tab("contacts", "contacts", "通讯录"))
            (tab("discover", "discover", "发现"))
            (tab("me", "me", "我"))
        }
    }
}

fn tab(view: &str, picture: &str, words: &str) -> Markup {
    html! {
        button type="button" data-view=(view) aria-current=[(view == "list").then_some("page")] {
            (icon(picture)) span { (words) } span.count hidden {}
        }
    }
}

fn round(id: &str, picture: &str, words: &str) -> Markup {
    html! { button.round id=(id) type="button" aria-label=(words) { (icon(picture)) } }
}

fn contacts(account: &str, friends: &[&Somebody]) -> Markup {
    html! {
        section #contacts.view aria-labelledby="contacts-title" hidden {
            div.bar { h2 #contacts-title tabindex="-1" { "通讯录" } }
            div.scroll {
                h3 { "公众号" }
                ul.rows {
                    li { button #contact-account type="button" { span.badge.account aria-hidden="true" { (first(account)) } (account) } }
                }
                h3 { "朋友" }
                ul.rows {
                    @for (id, name) in friends {
                        li { button type="button" data-friend=(id) data-name=(name) { (face(id)) (name) } }
                    }
                }
            }
        }
    }
}

fn discover() -> Markup {
    html! {
        section #discover.view aria-labelledby="discover-title" hidden {
            div.bar { h2 #discover-title tabindex="-1" { "发现" } }
            ul.rows.plain {
                li { button #discover-scan type="button" { (icon("scan")) "扫一扫" } }
                li { button #discover-open type="button" { (icon("globe")) "打开网址" } }
            }
        }
    }
}

fn me(sandbox: &Sandbox, person: &str, name: &str, friends: &[&Somebody]) -> Markup {
    let openid = sandbox.look(|world| world.person(person).map(|person| person.openid.clone()));
    html! {
        section #me.view aria-labelledby="me-title" hidden {
            div.bar { h2 #me-title tabindex="-1" { "我" } }
            div.scroll {
                div.card-of-me {
                    (face(person))
                    p { strong { (name) } br; span.soft { "OpenID " (openid.unwrap_or_default()) } }
                }
                ul.rows.plain {
                    li { button #open-bills type="button" { (icon("pay")) "支付与账单" } }
                }
                h3 { "切换账号" }
                ul.rows {
                    @for (id, name) in friends {
                        li { a href={ "/phone?person=" (id) } { (face(id)) "换成" (name) } }
                    }
                }
            }
        }
    }
}

fn chat(account: &str) -> Markup {
    html! {
        section #chat.view aria-labelledby="chat-title" hidden {
            div.bar {
                (round("chat-back", "back", "返回聊天列表"))
                h2 #chat-title tabindex="-1" { (account) }
                (round("open-profile", "me", "公众号资料"))
            }
            ol #messages.messages aria-label="消息" tabindex="0" {}
            div #follow-bar.follow-bar {
                p { "关注后可以收到消息" }
                button #follow.primary type="button" { "关注公众号" }
            }
            div #chat-foot.foot {
                nav #menu-bar.menu aria-label="公众号菜单" {
                    button #keyboard.round type="button" aria-label="输入消息" { (icon("keyboard")) }
                    ul #menu {}
                }
                div #compose.compose hidden {
                    button #to-menu.round type="button" aria-label="公众号菜单" { (icon("menu")) }
                    form #say {
                        label.visually-hidden for="words" { "发消息" }
                        input #words type="text" maxlength="2000" autocomplete="off" required;
                        button.primary type="submit" { "发送" }
                    }
                    button #plus.round type="button" aria-expanded="false" aria-controls="tools" aria-label="更多功能" { (icon("plus")) }
                }
                ul #tools.tiles hidden {
                    li { button #send-picture type="button" { (icon("picture")) span { "照片" } } }
                    li { button #send-voice type="button" { (icon("voice")) span { "语音" } } }
                    li { button #send-place type="button" { (icon("place")) span { "位置" } } }
                }
            }
        }
    }
}

fn profile(account: &str) -> Markup {
    html! {
        section #profile.view aria-labelledby="profile-title" hidden {
            div.bar { (round("profile-back", "back", "返回聊天")) h2 #profile-title tabindex="-1" { "公众号资料" } span.spacer {} }
            div.scroll.profile {
                div.card-of-me { span.badge.account aria-hidden="true" { (first(account)) } p { strong { (account) } br; span.soft { "服务号 · 已认证" } } }
                img src="/phone/account-code.svg" alt={ (account) "的二维码" } width="180" height="180";
                p.switches { label { input #allow-place type="checkbox"; " 允许它的网页使用我的位置" } }
                button #profile-follow.primary type="button" { "关注这个公众号" }
                button #unfollow type="button" { "不再关注" }
            }
        }
    }
}

fn face(id: &str) -> Markup {
    html! { img.badge src={ "/phone/avatar/" (id) ".svg" } alt="" width="48" height="48"; }
}

fn first(name: &str) -> String {
    name.chars().take(1).collect()
}
