//! The page: the phone, and beside it the workbench with the log.

use maud::{DOCTYPE, Markup, html};

use super::{icon, view};
use crate::place;
use crate::state::Sandbox;

/// A person's id with the name.
pub type Somebody = (String, String);

/// The whole page for `person`.
pub fn phone(sandbox: &Sandbox, person: &str) -> Markup {
    let people: Vec<Somebody> = sandbox.look(|world| {
        let somebody = |person: &crate::person::Person| (person.id.clone(), person.name.clone());
        world.people.iter().map(somebody).collect()
    });
    let name = people
        .iter()
        .find(|(id, _)| id == person)
        .map_or("", |(_, name)| name);
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
            body.bench data-person=(person) data-name=(name) data-account=(sandbox.config.account_name) {
                (icon::outlines())
                main {
                    h1.visually-hidden { (name) "的手机" }
                    div.phone {
                        div.screen {
                            (status_bar())
                            (view::views(sandbox, person, name, &people))
                            div.home aria-hidden="true" {}
                            div #sheet.sheet role="dialog" aria-modal="true" hidden {}
                        }
                    }
                }
                aside.side aria-label="工作台" {
                    (workbench(person, &people))
                    section.log aria-labelledby="log-title" {
                        h2 #log-title { "程序与微信的往来 " small { "traffic" } }
                        p.hint { "最新的在上面；密钥和令牌已遮盖。 Newest first; secrets are masked." }
                        ol #traffic.traffic {}
                    }
                }
                p #live.visually-hidden role="status" {}
            }
        }
    }
}

fn status_bar() -> Markup {
    html! {
        div.status aria-hidden="true" {
            span #clock {}
            span.signs {
                span.bars { i {} i {} i {} i {} }
                span #net { "5G" }
                span.battery { i {} }
            }
        }
    }
}

/// What no phone has: who holds it, where they stand, how good the network is.
fn workbench(person: &str, people: &[Somebody]) -> Markup {
    let mut stations: Vec<_> = place::stations().collect();
    stations.sort_by_key(|(name, lines, _)| (*lines, *name));
    html! {
        section.tools aria-labelledby="tools-title" {
            h2 #tools-title { "本地微信 " small { "local WeChat" } }
            form method="get" action="/phone" {
                label for="person" { "用手机的人" }
                select #person name="person" {
                    @for (id, name) in people { option value=(id) selected[id == person] { (name) } }
                }
                button type="submit" { "换人" }
            }
            form #place-form {
                label for="station" { "所在位置" }
                select #station {
                    option value="" { "地铁站…" }
                    @for (name, lines, _) in &stations { option value=(name) { (name) "（" (lines) "）" } }
                }
                span.degrees {
                    label.visually-hidden for="lat" { "纬度（WGS-84）" }
                    input #lat type="number" step="any" min="-90" max="90" required;
                    label.visually-hidden for="lng" { "经度（WGS-84）" }
                    input #lng type="number" step="any" min="-180" max="180" required;
                }
                button type="submit" { "定位到这里" }
            }
            p.switches {
                label { input #slow type="checkbox"; " 网络慢：网页、接口和支付结果都迟几秒" }
            }
            p.links {
                a href="/control" { "控制台 control desk" }
                " · 另一个人：用另一个浏览器或隐私窗口打开本页"
            }
        }
    }
}
