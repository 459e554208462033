//! What WeChat says by itself, and what others say in its name.

use kernel::Actor;
use payment::{
    inbox::{self, Reception},
    testing::Post,
};

use crate::{agenda::Event, town::Town};

/// WeChat's pauses between its tries to tell, in seconds (doc 4012075249).
const TELLS_AGAIN_S: [i64; 15] = [
    15, 15, 30, 180, 600, 1_200, 1_800, 1_800, 1_800, 3_600, 10_800, 10_800, 10_800, 21_600, 21_600,
];

impl Town {
    /// WeChat tells; when it hears no 204, it tells again later.
    pub(crate) fn notice(&mut self, post: Post, tries: usize) {
        // It is signed when it is sent.
        let post = self.network.wechat.again(&post);
        if self.people.of_thousand(self.mix.crash) {
            self.tell("the process dies as WeChat tells");
            self.program.db.stop_writing_after(self.people.below(2) as u64);
        }
        let status = if self.network.is_silent() {
            0
        } else {
            self.deliver(&post)
        };
        self.tell(&format!("WeChat's notice is answered by {status}"));
        if status == 204 {
            return self.must_be_in_the_inbox(&post);
        }
        if let Some(pause) = TELLS_AGAIN_S.get(tries) {
            self.plan(
                self.network.time.now() + pause * 1_000,
                Event::Notice(post, tries + 1),
            );
        }
    }

    fn deliver(&mut self, post: &Post) -> u16 {
        let cx = self.cx(Actor::System("wechat.notice"));
        let program = self.program.clone();
        let taken = inbox::receive(&program.db, &cx, &program.pay, &post.headers, &post.body);
        match self.judge("tells", taken) {
            Ok(Reception::Taken) => 204,
            Ok(Reception::Rejected(rejected)) => rejected.http_status(),
            Err(_) => 500,
        }
    }

    /// What was answered is committed: WeChat will not tell again. The database is opened anew if the process died.
    fn must_be_in_the_inbox(&mut self, post: &Post) {
        let body: serde_json::Value = serde_json::from_slice(&post.body).unwrap_or_default();
        let id = body["id"].as_str().unwrap_or_default().to_owned();
        let lies_there = self
            .program
            .db
            .read(move |tx| crate::store::is_in_the_inbox(tx, &id))
            .wait();
        if !lies_there.unwrap_or(false) {
            self.fault
                .get_or_insert("a notice was acknowledged that is not in the inbox".to_owned());
        }
    }

    /// A notice that WeChat never sent: the right words, a signature of somebody else.
    pub(crate) fn forgery(&mut self, number: &str) {
        let victim = self
            .network
            .sheets()
            .into_iter()
            .next()
            .unwrap_or_else(|| number.to_owned());
        let post = self.network.wechat.forged(&victim);
        let status = self.deliver(&post);
        self.tell(&format!("a forged notice about {victim} is answered by {status}"));
        if status == 204 {
            self.fault
                .get_or_insert("a forged notice was believed".to_owned());
        }
    }

    pub(crate) fn refund_ends(&mut self, number: &str) {
        let there = self.network.wechat.refund_there(number);
        if there.is_none_or(|there| there.status != "PROCESSING") {
            return;
        }
        let status = match self.people.of_thousand(self.mix.refund_trouble) {
            true if self.people.below(2) == 0 => "ABNORMAL",
            true => "CLOSED",
            false => "SUCCESS",
        };
        self.tell(&format!("refund {number} ends at WeChat: {status}"));
        let post = self.network.wechat.refund_ends(number, status);
        self.network.tells(post);
    }
}
