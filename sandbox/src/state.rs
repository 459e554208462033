//! Everything the sandbox knows, behind one lock that is never held across a wait.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use rsa::rand_core::RngCore;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::config::{Config, Credentials, Error};
use crate::crypto::{self, PushCipher};
use crate::fault::Faults;
use crate::keys::{self, Keys, SeededRandom};
use crate::message::{Author, Body, Message, Thread};
use crate::oa::AccountState;
use crate::pay::{self, PayState};
use crate::person::Person;
use crate::phone::PhoneState;
use crate::traffic::Exchange;

/// How many exchanges the log keeps.
const TRAFFIC_KEPT: usize = 500;

/// The sandbox: what does not change, and the world that does.
pub struct Sandbox {
    /// Set-up.
    pub config: Config,
    /// What the program was given.
    pub credentials: Credentials,
    /// The private side.
    pub keys: Keys,
    /// Cipher of the message push.
    pub cipher: PushCipher,
    /// Time.
    pub clock: Clock,
    /// For calls to the program.
    pub agent: ureq::Agent,
    world: Mutex<World>,
    changed: watch::Sender<u64>,
}

/// What changes.
pub struct World {
    /// People and their phones.
    pub people: Vec<Person>,
    /// All chats.
    pub messages: Vec<Message>,
    /// Tokens, codes, menu, QR codes.
    pub account: AccountState,
    /// Orders, refunds, notices.
    pub pay: PayState,
    /// Pictures, letters between people, slow networks.
    pub phone: PhoneState,
    /// Faults that wait.
    pub faults: Faults,
    /// The log of requests and responses.
    pub traffic: VecDeque<Exchange>,
    seq: u64,
    random: SeededRandom,
}

impl Sandbox {
    /// Opens the folder of `config` and starts with everybody at home.
    pub fn open(config: Config) -> Result<Self, Error> {
        let (keys, credentials) = Keys::open(&config)?;
        let clock = Clock::new(config.time_scale, config.ahead_ms.clone());
        let cipher = PushCipher::new(&credentials.encoding_aes_key, &credentials.app_id)
            .expect("43 letters and digits are an EncodingAESKey");
        let now_ms = clock.now_ms();
        let people = credentials.people.iter().map(|person| {
            let unionid = keys::unionid(config.seed, &person.id);
            let mut person = Person::new(&person.id, &person.name, person.openid.clone(), unionid);
            person.following_since_ms = config.followers.contains(&person.id).then_some(now_ms);
            person
        });
        let world = World {
            people: people.collect(),
            messages: Vec::new(),
            account: AccountState::default(),
            pay: PayState::new(&config, &keys, &credentials, now_ms)?,
            phone: PhoneState::default(),
            faults: Faults::default(),
            traffic: VecDeque::new(),
            // A phone asks for everything by naming change 0, so the first state is already number 1.
            seq: 1,
            // Numbers given out in a run must differ from those of the last one: the program keeps them.
            random: SeededRandom {
                seed: config.seed,
                purpose: format!("run {now_ms}"),
                counter: 0,
            },
        };
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(Duration::from_secs(5)))
            .user_agent("Mozilla/4.0")
            .build()
            .new_agent();
        let sandbox = Self {
            cipher,
            clock,
            agent,
            world: Mutex::new(world),
            changed: watch::Sender::new(0),
            config,
            credentials,
            keys,
        };
        pay::turn_keys(&sandbox, Some(sandbox.config.key_mode), false)?;
        Ok(sandbox)
    }

    /// Looks at the world.
    pub fn look<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.lock())
    }

    /// Changes the world and wakes the phones that wait for news.
    pub fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let (value, seq) = {
            let mut world = self.lock();
            let value = change(&mut world);
            world.seq += 1;
            (value, world.seq)
        };
        self.changed.send_replace(seq);
        value
    }

    /// Waits at most `limit` for a change after the one numbered `after`, and tells the last number.
    pub async fn changed_since(&self, after: u64, limit: Duration) -> u64 {
        let mut changes = self.changed.subscribe();
        // A time-out is an answer like any other here: nothing happened.
        let _nothing_new = tokio::time::timeout(limit, changes.wait_for(|&seq| seq > after))
            .await
            .is_err();
        *changes.borrow()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, World> {
        self.world
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl World {
    /// The person with this id.
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    /// The person with this id.
    pub fn person_mut(&mut self, id: &str) -> Option<&mut Person> {
        self.people.iter_mut().find(|person| person.id == id)
    }

    /// The person with this OpenID.
    pub fn person_by_openid(&mut self, openid: &str) -> Option<&mut Person> {
        self.people.iter_mut().find(|person| person.openid == openid)
    }

    /// Puts a message on a phone.
    pub fn say(&mut self, person: &str, thread: Thread, from: Author, at: i64, body: Body) {
        let message = Message {
            seq: self.next_seq(),
            person: person.to_owned(),
            thread,
            from,
            at,
            body,
        };
        self.messages.push(message);
    }

    /// Writes an exchange into the log.
    pub fn record(&mut self, mut exchange: Exchange) {
        exchange.seq = self.next_seq();
        if self.traffic.len() == TRAFFIC_KEPT {
            self.traffic.pop_front();
        }
        self.traffic.push_back(exchange);
    }

    /// A number for something that happens now.
    pub fn next_seq(&mut self) -> u64 {
        self.seq += 1;
        self.seq
    }

    /// The number of the last change.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// `length` hexadecimal digits that nobody guesses.
    pub fn word(&mut self, length: usize) -> String {
        let mut bytes = vec![0; length.div_ceil(2)];
        self.random.fill_bytes(&mut bytes);
        crypto::hex(&bytes)[..length].to_owned()
    }

    /// Base64 of `plain`, encrypted for the owner of `key`; `None` when it is too long for that.
    pub fn seal_sensitive(&mut self, key: &rsa::RsaPublicKey, plain: &[u8]) -> Option<String> {
        crypto::seal_sensitive(key, &mut self.random, plain)
    }

    /// `length` decimal digits.
    pub fn digits(&mut self, length: usize) -> String {
        (0..length)
            .map(|_| char::from(b'0' + u8::try_from(self.random.next_u32() % 10).expect("below ten")))
            .collect()
    }
}
