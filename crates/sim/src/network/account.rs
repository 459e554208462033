use std::{sync::Arc, time::Duration};

use http::{Request, Response};
use serde_json::{Value, json};
use wechat::{Transport, TransportError};

use super::{Answer, Network};
use crate::store;

/// The way of the calls to the official account. The same number is sent once.
pub(crate) struct AccountLine(pub Arc<Network>);

impl Transport for AccountLine {
    fn send(&self, request: Request<Vec<u8>>, _: Duration) -> Answer {
        let network = &self.0;
        if network.is_dead() {
            return Err(TransportError::NotSent("the process is gone".to_owned()));
        }
        let path = request.uri().path().to_owned();
        let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let rate = network.state().mix.account;
        if network.is_silent() || network.chance.of_thousand(rate) {
            return Err(TransportError::Unknown("timeout".to_owned()));
        }
        let answer = match path.as_str() {
            "/cgi-bin/stable_token" => json!({"access_token": "T", "expires_in": 7200}),
            "/cgi-bin/message/template/send" => {
                network.sends(body["client_msg_id"].as_str().unwrap_or_default());
                json!({"errcode": 0, "errmsg": "ok", "msgid": 1})
            }
            "/cgi-bin/menu/get" => match &network.state().menu {
                Some(menu) => json!({"menu": menu}),
                None => json!({"errcode": 46003, "errmsg": "menu no exist"}),
            },
            _ => {
                network.state().menu = Some(body);
                json!({"errcode": 0, "errmsg": "ok"})
            }
        };
        if network.chance.of_thousand(rate) {
            return Err(TransportError::Unknown("timeout after it was sent".to_owned()));
        }
        Ok(Response::new(answer.to_string().into_bytes()))
    }
}

impl Network {
    /// A message goes out: it must speak of its booking as it stands at this moment.
    fn sends(&self, message: &str) {
        self.trace
            .tell(self.time.now(), &format!("  message {message} is sent"));
        let program = self.state().program.clone();
        let id = message.parse::<kernel::Id<()>>().map(kernel::Id::raw);
        if let (Some(program), Ok(id)) = (program, id)
            && !program
                .db
                .read(move |tx| store::is_true(tx, id))
                .wait()
                .unwrap_or(false)
        {
            self.state().stale = Some(message.to_owned());
        }
    }
}
