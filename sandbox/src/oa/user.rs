//! What the account may know of people.

use std::sync::Arc;

use serde_json::json;

use super::{Answer, Call, Fail};
use crate::state::Sandbox;

/// `GET /cgi-bin/user/info`. Nickname and picture are empty since the end of 2021.
pub fn info(sandbox: &Arc<Sandbox>, call: &Call) -> Answer {
    let openid = call.parameter("openid").ok_or(Fail(40003, "invalid openid"))?;
    sandbox.look(|world| {
        let person =
            world.people.iter().find(|person| person.openid == openid).ok_or(Fail(40003, "invalid openid"))?;
        let Some(since_ms) = person.following_since_ms else {
            return Ok(json!({"subscribe": 0, "openid": person.openid, "unionid": person.unionid}));
        };
        let by_code = !person.scene.is_empty();
        Ok(json!({
            "subscribe": 1, "openid": person.openid, "nickname": "", "sex": 0, "language": "zh_CN", "city": "",
            "province": "", "country": "", "headimgurl": "", "subscribe_time": since_ms / 1000,
            "unionid": person.unionid, "remark": "", "groupid": 0, "tagid_list": [],
            "subscribe_scene": if by_code { "ADD_SCENE_QR_CODE" } else { "ADD_SCENE_SEARCH" },
            "qr_scene": person.scene.parse::<u32>().unwrap_or(0), "qr_scene_str": person.scene,
        }))
    })
}

/// `GET /cgi-bin/user/get`: all followers, in one page.
pub fn followers(sandbox: &Arc<Sandbox>, _call: &Call) -> Answer {
    let openids: Vec<String> = sandbox.look(|world| {
        let following = world
            .people
            .iter()
            .filter(|person| person.following_since_ms.is_some());
        following.map(|person| person.openid.clone()).collect()
    });
    let next = openids.last().cloned().unwrap_or_default();
    Ok(
        json!({"total": openids.len(), "count": openids.len(), "data": {"openid": openids}, "next_openid": next}),
    )
}

/// `GET /cgi-bin/get_api_domain_ip`: the cheapest way to try a token.
pub fn domain_ip(_sandbox: &Arc<Sandbox>, _call: &Call) -> Answer {
    Ok(json!({"ip_list": ["127.0.0.1"]}))
}
