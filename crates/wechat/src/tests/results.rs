//! Pushes that say how what was sent or published turned out, and those about cards.

use super::push::event;
use crate::oa::{CardEvent, Event, PublishStatus};

#[test]
fn results_of_mass_messages() {
    let pushed = "<MsgID>1000001625</MsgID><Status><![CDATA[err(30003)]]></Status><TotalCount>9</TotalCount>\
        <FilterCount>8</FilterCount><SentCount>7</SentCount><ErrorCount>1</ErrorCount>\
        <CopyrightCheckResult><Count>2</Count><ResultList>\
        <item><ArticleIdx>1</ArticleIdx><UserDeclareState>0</UserDeclareState><AuditState>2</AuditState>\
        <OriginalArticleUrl>https://o/1</OriginalArticleUrl><CanReprint>1</CanReprint></item>\
        <item><ArticleIdx>2</ArticleIdx><AuditState>1</AuditState><OriginalArticleUrl/></item></ResultList>\
        <CheckState>2</CheckState></CopyrightCheckResult>\
        <ArticleUrlResult><Count>1</Count><ResultList><item><ArticleIdx>1</ArticleIdx>\
        <ArticleUrl>https://a/1</ArticleUrl></item></ResultList></ArticleUrlResult>";
    let Event::MassSendFinished(result) = event("MASSSENDJOBFINISH", pushed) else {
        panic!("not known")
    };
    assert_eq!(
        (result.total, result.filtered, result.sent, result.failed),
        (9, 8, 7, 1)
    );
    assert_eq!((result.succeeded(), result.error()), (false, Some(30_003)));
    let articles: Vec<_> = result
        .articles
        .iter()
        .map(|article| {
            (
                article.index,
                article.url.as_deref(),
                article.audit,
                article.can_reprint,
            )
        })
        .collect();
    assert_eq!(
        articles,
        [
            (1, Some("https://a/1"), Some(2), Some(true)),
            (2, None, Some(1), None)
        ]
    );
    for (status, succeeded) in [
        ("send success", true),
        ("sendsuccess", true),
        ("send fail", false),
    ] {
        let pushed = format!("<MsgID>1</MsgID><Status>{status}</Status>");
        let Event::MassSendFinished(result) = event("MASSSENDJOBFINISH", &pushed) else {
            panic!("not known")
        };
        assert_eq!((result.succeeded(), result.error()), (succeeded, None));
    }
}

#[test]
fn results_of_publishing() {
    let Event::PublishFinished(result) = event(
        "PUBLISHJOBFINISH",
        "<PublishEventInfo><publish_id>2247503051</publish_id><publish_status>0</publish_status>\
         <article_id>A</article_id><article_detail><count>1</count><item><idx>1</idx>\
         <article_url>https://a/1</article_url></item></article_detail></PublishEventInfo>",
    ) else {
        panic!("not known")
    };
    assert_eq!(
        (
            result.status,
            result.article_id.as_deref(),
            result.urls.as_slice()
        ),
        (
            PublishStatus::Published,
            Some("A"),
            &["https://a/1".to_owned()][..]
        )
    );
    let Event::PublishFinished(result) = event(
        "PUBLISHJOBFINISH",
        "<PublishEventInfo><publish_id>2</publish_id><publish_status>2</publish_status>\
         <fail_idx>1</fail_idx><fail_idx>3</fail_idx></PublishEventInfo>",
    ) else {
        panic!("not known")
    };
    assert_eq!(
        (result.status, result.failed.as_slice()),
        (PublishStatus::NotOriginal, &[1, 3][..])
    );
}

#[test]
fn results_of_notices() {
    let pushed = "<SubscribeMsgSentEvent><List><TemplateId>T</TemplateId><MsgID>1700827132819554304</MsgID>\
                  <ErrorCode>0</ErrorCode><ErrorStatus>success</ErrorStatus></List></SubscribeMsgSentEvent>";
    let Event::SubscribeSent(results) = event("subscribe_msg_sent_event", pushed) else {
        panic!("not known")
    };
    assert_eq!(
        (
            results[0].msg_id.as_str(),
            results[0].error_code,
            results[0].status.as_str()
        ),
        ("1700827132819554304", 0, "success")
    );
}

#[test]
fn events_about_cards() {
    for (name, card) in [
        ("card_pass_check", CardEvent::Passed),
        ("card_not_pass_check", CardEvent::NotPassed),
        ("user_get_card", CardEvent::Taken),
        ("user_gifting_card", CardEvent::Given),
        ("user_del_card", CardEvent::Deleted),
        ("user_consume_card", CardEvent::Used),
        ("user_pay_from_pay_cell", CardEvent::Paid),
        ("user_view_card", CardEvent::Viewed),
        ("user_enter_session_from_card", CardEvent::ChatEntered),
        ("update_member_card", CardEvent::MemberUpdated),
        ("submit_membercard_user_info", CardEvent::MemberActivated),
        ("card_sku_remind", CardEvent::RunningOut),
        ("card_pay_order", CardEvent::Ordered),
        (
            "card_merchant_check",
            CardEvent::Other("card_merchant_check".into()),
        ),
    ] {
        let Event::Card {
            event,
            card_id,
            code,
            fields,
        } = event(
            name,
            "<CardId>c</CardId><UserCardCode>7</UserCardCode><OuterStr>x</OuterStr>",
        )
        else {
            panic!("{name} is not known")
        };
        assert_eq!(
            (event, card_id.as_str(), code.as_deref()),
            (card, "c", Some("7")),
            "{name}"
        );
        assert_eq!(fields["OuterStr"], "x");
    }
}
