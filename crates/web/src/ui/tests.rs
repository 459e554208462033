//! What every component must say to a screen reader, read from its HTML.

use maud::{Markup, Render, html};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::*;

fn word(key: &str) -> String {
    let line = ZH_CN
        .lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
    line.unwrap_or_else(|| panic!("no text for {key}")).to_owned()
}

fn address(path: &str) -> String {
    format!("/assets/{path}")
}

fn frame<'a>(nav: &'a [Nav<'a>]) -> Frame<'a> {
    Frame {
        lang: "zh-CN",
        theme: Theme::Contrast,
        size: Size::S150,
        t: &word,
        csrf: "token",
        asset: &address,
        nav,
        who: Some("刘师傅"),
    }
}

fn has(markup: &Markup, parts: &[&str]) {
    for part in parts {
        assert!(markup.0.contains(part), "missing {part} in {}", markup.0);
    }
}

fn order(markup: &Markup, parts: &[&str]) {
    let at: Vec<usize> = parts
        .iter()
        .map(|part| {
            markup
                .0
                .find(part)
                .unwrap_or_else(|| panic!("missing {part} in {}", markup.0))
        })
        .collect();
    assert!(at.is_sorted(), "{parts:?} stand at {at:?} in {}", markup.0);
}

#[test]
fn catalogues_hold_the_same_keys() {
    let keys = |source: &'static str| -> Vec<&str> {
        source
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| Some(line.split_once(" = ")?.0))
            .collect()
    };
    assert_eq!(keys(ZH_CN), keys(EN));
    assert!(keys(EN).iter().all(|key| key.starts_with("ui-")));
}

#[test]
fn a_field_is_tied_to_label_hint_and_error() {
    let mut errors = Errors::new(&word);
    errors.add("phone", "手机号应为 11 位");
    let markup = field::tel("phone", "手机号（必填）")
        .value("1380\"")
        .hint("用来通知您")
        .errors(&errors)
        .render();
    has(
        &markup,
        &[
            r#"<label for="f-phone">手机号（必填）</label>"#,
            r#"id="f-phone" name="phone" value="1380&quot;""#,
            r#"aria-describedby="f-phone-hint f-phone-error""#,
            r#"aria-invalid="true""#,
            r#"id="f-phone-hint">用来通知您"#,
            r#"id="f-phone-error"><strong>错误：</strong>手机号应为 11 位"#,
        ],
    );
    assert!(
        !markup.0.contains(" required"),
        "native required is read as invalid before any input"
    );
}

#[test]
fn a_field_without_error_is_not_invalid() {
    let errors = Errors::new(&word);
    for markup in [
        field::text("a", "甲").errors(&errors).render(),
        field::textarea("a", "甲").errors(&errors).render(),
        field::select("a", "甲")
            .options(&[("1", "一")])
            .errors(&errors)
            .render(),
        field::file("a", "甲").errors(&errors).render(),
        field::code("a", "甲", 6).errors(&errors).render(),
    ] {
        has(
            &markup,
            &[r#"<label for="f-a">甲</label>"#, r#"id="f-a""#, r#"name="a""#],
        );
        assert!(
            !markup.0.contains("aria-invalid") && !markup.0.contains("aria-describedby"),
            "{}",
            markup.0
        );
    }
}

#[test]
fn a_password_is_never_sent_back() {
    assert!(
        !field::password("p", "密码")
            .value("geheim")
            .render()
            .0
            .contains("geheim")
    );
}

#[test]
fn a_select_keeps_its_value() {
    let markup = field::select("d", "区")
        .options(&[("1", "东城区"), ("2", "朝阳区")])
        .value("2")
        .render();
    has(
        &markup,
        &[
            r#"<option value="1">东城区"#,
            r#"<option value="2" selected>朝阳区"#,
        ],
    );
}

#[test]
fn radios_are_native_in_a_fieldset_with_a_legend() {
    let mut errors = Errors::new(&word);
    errors.add("strength", "请选一个");
    let markup = field::radios("strength", "力度（必填）")
        .option(Choice::new("1", "轻"))
        .option(Choice::new("2", "中").hint("多数人选这个"))
        .value("2")
        .errors(&errors)
        .render();
    has(
        &markup,
        &[
            "<fieldset",
            "<legend>力度（必填）</legend>",
            r#"aria-describedby="f-strength-error""#,
            r#"<input type="radio" id="f-strength" name="strength" value="1">"#,
            r#"id="f-strength-2" name="strength" value="2" checked aria-describedby="f-strength-2-note""#,
            r#"<label for="f-strength-2">"#,
        ],
    );
    assert!(!markup.0.contains(" required"));
}

#[test]
fn a_checkbox_has_its_label() {
    let markup = field::checkbox("health", "我没有上面这些情况").render();
    has(
        &markup,
        &[r#"type="checkbox" id="f-health""#, r#"<label for="f-health">"#],
    );
    assert!(!markup.0.contains("checked"));
}

#[test]
fn the_summary_links_to_the_fields_and_can_take_focus() {
    let mut errors = Errors::new(&word);
    assert_eq!(errors.render().0, "");
    errors.add("phone", "手机号应为 11 位");
    errors.add("", "这个时间刚刚约满");
    has(
        &errors.render(),
        &[
            r#"id="error-summary" tabindex="-1""#,
            "错误：",
            r##"<a href="#f-phone">手机号应为 11 位</a>"##,
            "<li>这个时间刚刚约满</li>",
        ],
    );
}

#[test]
fn a_button_names_its_object() {
    let nav = [];
    let frame = frame(&nav);
    let markup = button::post(&frame, "/desk/bookings/7/confirmation", "确认")
        .about_hidden("张女士 下午三点")
        .field("version", "3")
        .morph("#now")
        .render();
    has(
        &markup,
        &[
            r#"method="post" action="/desk/bookings/7/confirmation""#,
            r##"hx-target="#now""##,
            r#"name="csrf" value="token""#,
            r#"name="version" value="3""#,
            r#"<button type="submit""#,
            r#"确认 <span class="vh">张女士 下午三点</span>"#,
        ],
    );
    let dial = button::dial("13800138000", "打电话给", "清风堂").render();
    has(
        &dial,
        &[
            r#"href="tel:13800138000""#,
            "打电话给 清风堂",
            r#"aria-hidden="true""#,
        ],
    );
}

#[test]
fn the_shell_starts_with_the_skip_link_and_has_both_live_regions_empty() {
    let nav = [Nav {
        href: "/desk",
        label: "今天",
        icon: Icon::List,
        current: true,
        count: Some("2 个待确认"),
    }];
    let frame = frame(&nav);
    let page = Page::new(&frame, Surface::Desk, "2 个待确认")
        .back("/desk", "今天")
        .answer("下一位 下午三点 张女士")
        .primary(button::link("/x", "去支付").render())
        .body(html! { p { "本页的话" } });
    order(
        &page,
        &[
            "<!DOCTYPE html>",
            r#"<html lang="zh-CN" data-surface="desk" data-theme="contrast" data-size="150" data-foot="action">"#,
            "<title>2 个待确认</title>",
            r##"<body hx-ext="morph"><a class="skip" href="#main">跳到正文</a>"##,
            r#"id="alert" role="alert""#,
            r#"id="status" role="status""#,
            "aria-current=\"page\"",
            r#"<main id="main" tabindex="-1""#,
            "返回 今天",
            "<h1>2 个待确认</h1>",
            "下一位 下午三点 张女士",
            "本页的话",
            "去支付",
        ],
    );
    for region in ["alert", "status"] {
        let from = page
            .0
            .find(&format!(r#"id="{region}""#))
            .expect("the region stands in the page");
        let rest = &page.0[from..];
        let open = rest.find('>').expect("the tag ends");
        assert!(rest[open..].starts_with("></div>"), "{region} is not empty");
    }
    assert!(
        !page.0.contains("style=") && !page.0.contains("onclick"),
        "inline code breaks the CSP"
    );
    assert!(!page.0.contains("user-scalable"), "zoom is never blocked");
}

#[test]
fn a_refused_page_says_so_in_its_title() {
    let nav = [];
    let frame = frame(&nav);
    let mut errors = Errors::new(&word);
    errors.add("code", "核销码不对");
    let page = Page::new(&frame, Surface::Desk, "核销")
        .errors(&errors)
        .bare()
        .body(html! {});
    order(
        &page,
        &[
            "<title>错误：核销</title>",
            r#"id="error-summary""#,
            "<h1>核销</h1>",
        ],
    );
    assert!(!page.0.contains("<nav"));
}

#[test]
fn what_came_of_a_step_is_heard_first_and_the_console_names_itself() {
    let nav = [];
    let frame = frame(&nav);
    let page = Page::new(&frame, Surface::Desk, "张女士 下午 3 点 已确认")
        .said("已改约，张女士")
        .body(html! {});
    order(
        &page,
        &[
            "<title>已改约，张女士 · 张女士 下午 3 点 已确认</title>",
            r#"<p class="said" tabindex="-1" data-said="已改约，张女士">"#,
        ],
    );
    let console = Page::new(&frame, Surface::Console, "门店").body(html! {});
    assert!(console.0.contains("<title>门店 · "), "{}", console.0);
}

#[test]
fn the_tabs_of_a_customer_follow_the_content() {
    let nav = [Nav {
        href: "/",
        label: "附近",
        icon: Icon::Pin,
        current: true,
        count: None,
    }];
    let frame = frame(&nav);
    let page = Page::new(&frame, Surface::Customer, "附近的店")
        .map()
        .body(html! { p { "本页的话" } });
    order(
        &page,
        &[
            "leaflet.css",
            "tuina.css",
            "<main",
            "本页的话",
            "<nav",
            "© OpenStreetMap contributors",
        ],
    );
}

#[test]
fn a_data_block_cannot_be_closed_from_inside() {
    let markup = json_block("wx", &json!({ "name": "</script><script>alert(1)</script>" }));
    assert_eq!(markup.0.matches("</script>").count(), 1);
    let text = markup
        .0
        .split_once('>')
        .and_then(|(_, rest)| rest.strip_suffix("</script>"))
        .expect("one block");
    let value: serde_json::Value = serde_json::from_str(text).expect("still JSON");
    assert_eq!(value["name"], "</script><script>alert(1)</script>");
}

#[test]
fn a_time_is_a_native_radio_with_its_whole_name() {
    let markup = TimeChoice::new("slot", "选时间（必填）", "选日期")
        .day(Day {
            href: "?day=1",
            label: "明天",
            date: "11 月 23 日",
            free: "有 6 个时间",
            open: true,
            current: true,
        })
        .part("下午")
        .taken("下午 2 点，已约满", "下午 2 点", "已约满")
        .time("a", "下午 3 点，李师傅，有空", "下午 3 点", "李师傅")
        .value("a")
        .render();
    has(
        &markup,
        &[
            r#"aria-current="date""#,
            "有 6 个时间",
            "<legend><h2>选时间（必填）</h2></legend>",
            "<h3 class=\"part\">下午</h3>",
            r#"<input type="radio" id="f-slot" name="slot" value="a" checked>"#,
            r#"<label for="f-slot"><span class="vh">下午 3 点，李师傅，有空</span>"#,
            r#"name="slot" value="" disabled"#,
        ],
    );
}

#[test]
fn lists_and_tables_keep_their_semantics() {
    has(
        &list::steps(&["服务", "时间"], 1, "第 2 步，共 2 步"),
        &["第 2 步，共 2 步", r#"aria-current="step""#],
    );
    has(
        &list::facts().row("地址", "鼓楼东大街 1 号").render(),
        &["<dt>地址</dt><dd>鼓楼东大街 1 号</dd>"],
    );
    let entries = list::entries()
        .id("shops")
        .level(3)
        .entry(
            Entry::new("/shops/1", "清风堂")
                .id("shop-1")
                .place(39.9, 116.4)
                .badge(state::badge(Tone::Good, "营业中")),
        )
        .render();
    has(
        &entries,
        &[
            r#"id="shop-1" data-item data-lat="39.9" data-lng="116.4""#,
            "<h3",
            "营业中</span>",
        ],
    );
    let table = table::table("今天的预约")
        .head(&["时间", "金额"])
        .numeric(1)
        .row(vec![html! { "15:00" }, html! { (money::amount(12_850)) }]);
    has(
        &table.render(),
        &[
            r#"<section class="table-scroll" tabindex="0" aria-label="今天的预约">"#,
            "<caption>今天的预约</caption>",
            r#"<th scope="col">时间</th>"#,
            r#"<th scope="row">15:00</th>"#,
            r#"<td class="figure"><span class="money">¥128.50</span>"#,
        ],
    );
}

#[test]
fn pictures_have_an_alternative_text_and_a_size() {
    has(
        &Picture::new("/p/1", "清风堂门口，一棵槐树").render(),
        &[
            r#"alt="清风堂门口，一棵槐树""#,
            r#"width="640" height="480" loading="lazy""#,
        ],
    );
    assert!(
        Picture::decorative("/p/1")
            .eager()
            .render()
            .0
            .contains(r#"alt="""#)
    );
}

#[test]
fn a_rating_is_text_and_its_shapes_are_silent() {
    let markup = stars::rating(46, "4.6 分", "126 条评价");
    has(
        &markup,
        &[
            r#"<span class="shapes" aria-hidden="true">"#,
            "<strong>4.6 分</strong>",
            "126 条评价",
        ],
    );
    assert_eq!(markup.0.matches("<svg").count(), 5);
}

#[test]
fn the_workstation_has_every_word_its_script_speaks() {
    let markup = desk::workstation(
        &word,
        &desk::Addresses {
            events: "/desk/events",
            speech: "/desk/speech/",
        },
    );
    has(
        &markup,
        &[
            "开始接单",
            r#"aria-pressed="false""#,
            r#"<label class="volume" for="workstation-volume">"#,
        ],
    );
    let script = include_str!("../../assets/js/desk.js");
    for used in script.split("words.").skip(1) {
        let name: String = used.chars().take_while(char::is_ascii_alphanumeric).collect();
        assert!(
            markup.0.contains(&format!("\"{name}\":")),
            "desk.js speaks words.{name}"
        );
    }
}

#[test]
fn preferences_round_trip() {
    for theme in Theme::ALL {
        assert_eq!(Theme::from_tag(theme.tag()), Some(theme));
    }
    for size in Size::ALL {
        assert_eq!(Size::from_tag(size.tag()), Some(size));
    }
    assert_eq!(Theme::from_tag("x"), None);
    let nav = [];
    let frame = frame(&nav);
    has(
        &preferences(&frame, "/me/display"),
        &[
            r#"value="contrast" checked"#,
            r#"value="150" checked"#,
            "<legend>字大小</legend>",
            r#"name="csrf""#,
        ],
    );
}

#[test]
fn words_of_wechat_are_complete() {
    let words = wechat::words(&word);
    let script = include_str!("../../assets/js/wechat.js");
    for used in script.split("words.").skip(1) {
        let name: String = used.chars().take_while(char::is_ascii_alphanumeric).collect();
        assert!(words[&name].is_string(), "wechat.js shows words.{name}");
    }
}

#[test]
fn vendored_files_are_the_ones_recorded() {
    let record = include_str!("../../assets/vendor/VENDOR.md");
    let files: [(&str, &[u8]); 4] = [
        ("htmx.min.js", include_bytes!("../../assets/vendor/htmx.min.js")),
        (
            "idiomorph-ext.min.js",
            include_bytes!("../../assets/vendor/idiomorph-ext.min.js"),
        ),
        ("leaflet.js", include_bytes!("../../assets/vendor/leaflet.js")),
        ("leaflet.css", include_bytes!("../../assets/vendor/leaflet.css")),
    ];
    for (name, bytes) in files {
        let row = record
            .lines()
            .find(|line| line.starts_with(&format!("| {name} |")))
            .expect("the file has a row");
        let hash: String = Sha256::digest(bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert!(row.contains(&hash), "{name} is {hash}");
    }
}
