use std::{
    collections::{BTreeSet, HashSet},
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use rand::{Rng, RngExt, SeedableRng, rngs::ChaCha12Rng};

use crate::{Customer, Error, Id, Instant, Lang, Result, Shop, Staff};

/// Where time and chance come from. The program makes one from the system; tests make one they can turn.
#[derive(Clone)]
pub struct World {
    now: Arc<dyn Fn() -> Instant + Send + Sync>,
    seed: Arc<dyn Fn() -> u64 + Send + Sync>,
    made: Arc<Made>,
}

/// The identifiers that were made last in this world. Two contexts of one millisecond differ in 22 drawn bits alone.
#[derive(Default)]
struct Made(Mutex<BTreeSet<i64>>);

impl Made {
    /// Those of at least some seconds of a busy city.
    const KEPT: usize = 1 << 16;

    /// Whether it is new.
    fn is_new(&self, id: i64) -> bool {
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let new = made.insert(id);
        if made.len() > Made::KEPT {
            made.pop_first();
        }
        new
    }
}

impl World {
    /// A world whose clock and seeds are the given functions.
    pub fn new(
        now: impl Fn() -> Instant + Send + Sync + 'static,
        seed: impl Fn() -> u64 + Send + Sync + 'static,
    ) -> World {
        World {
            now: Arc::new(now),
            seed: Arc::new(seed),
            made: Arc::default(),
        }
    }

    /// The time now.
    pub fn now(&self) -> Instant {
        (self.now)()
    }

    /// A context for one request or job: the time is read once, here.
    pub fn cx(&self, actor: Actor, lang: Lang) -> Cx {
        let random = Arc::new(Mutex::new(ChaCha12Rng::seed_from_u64((self.seed)())));
        Cx {
            actor,
            now: self.now(),
            lang,
            random,
            given: Arc::default(),
            made: self.made.clone(),
        }
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "World {{ now: {} }}", self.now())
    }
}

/// Who asks, when, in which language, and the chance that goes with it: the first parameter of every action.
#[derive(Clone)]
pub struct Cx {
    actor: Actor,
    now: Instant,
    lang: Lang,
    random: Arc<Mutex<ChaCha12Rng>>,
    // The identifiers that were made here. All of them hold one moment, and among some thousands that differ in 22 drawn
    // bits alone two would often be the same.
    given: Arc<Mutex<HashSet<i64>>>,
    made: Arc<Made>,
}

impl Cx {
    /// Who asks.
    pub fn actor(&self) -> Actor {
        self.actor
    }

    /// The moment of the request; it does not move while the request runs.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The language of the answer.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The same request in another person's place, such as the system acting after a person's step.
    pub fn acting(&self, actor: Actor) -> Cx {
        Cx {
            actor,
            ..self.clone()
        }
    }

    /// A new identifier: none that this context has made before, nor any other of this world lately.
    pub fn id<T>(&self) -> Id<T> {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let id = Id::new(self.now.ms(), self.random().next_u64());
            if given.insert(id.raw()) && self.made.is_new(id.raw()) {
                return id;
            }
        }
    }

    /// A token nobody can guess: 32 random bytes as 64 hexadecimal digits.
    pub fn token(&self) -> String {
        let mut bytes = [0u8; 32];
        self.random().fill_bytes(&mut bytes);
        bytes.iter().map(|b| format!("{b:02x}")).collect()
    }

    /// A code of `length` decimal digits to be read aloud or typed.
    pub fn digits(&self, length: usize) -> String {
        let mut random = self.random();
        (0..length)
            .map(|_| char::from(b'0' + random.random_range(0..10u8)))
            .collect()
    }

    /// A number from 0 up to, not including, `end`.
    pub fn below(&self, end: u64) -> u64 {
        self.random().random_range(0..end.max(1))
    }

    /// The customer who asks, or `Forbidden`.
    pub fn customer(&self) -> Result<Id<Customer>> {
        match self.actor {
            Actor::Customer(id) => Ok(id),
            _ => Err(Error::Forbidden),
        }
    }

    /// The scope of the shop whose staff member asks, or `Forbidden`.
    pub fn shop(&self) -> Result<ShopScope> {
        match self.actor {
            Actor::Staff { shop: Some(shop), .. } => Ok(ShopScope(shop)),
            _ => Err(Error::Forbidden),
        }
    }

    /// The scope of a named shop: for its own staff and for the centre. To anybody else the shop's things do not exist.
    pub fn shop_named(&self, shop: Id<Shop>) -> Result<ShopScope> {
        match self.actor {
            Actor::Staff { shop: Some(own), .. } if own == shop => Ok(ShopScope(shop)),
            Actor::Staff {
                role: Role::Centre, ..
            }
            | Actor::System(_) => Ok(ShopScope(shop)),
            _ => Err(Error::NotFound),
        }
    }

    fn random(&self) -> std::sync::MutexGuard<'_, ChaCha12Rng> {
        // A panic while drawing leaves the generator usable.
        self.random.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Cx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cx")
            .field("actor", &self.actor)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

/// Proof that the person asking may see one shop's things. Only a [`Cx`] makes it, so a query that takes a scope cannot be
/// asked for a foreign shop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ShopScope(Id<Shop>);

impl ShopScope {
    /// The shop.
    pub fn id(self) -> Id<Shop> {
        self.0
    }
}

crate::coded! {
    /// What a staff account may do; the permission list says which route asks for which.
    pub enum Role {
        /// An officer of the guidance centre.
        Centre = "centre",
        /// The owner of a shop.
        Owner = "owner",
        /// The front desk of a shop.
        Clerk = "clerk",
        /// A therapist of a shop.
        Therapist = "therapist",
    }
}

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Actor {
    /// Nobody known.
    Guest,
    /// A customer, known by WeChat.
    Customer(Id<Customer>),
    /// A person of a shop or of the centre, signed in. `shop` is `None` for the centre only.
    Staff {
        /// The account.
        id: Id<Staff>,
        /// The shop the account belongs to.
        shop: Option<Id<Shop>>,
        /// What the account may do.
        role: Role,
    },
    /// The program itself: a timer, a job, a notice from WeChat. The text names which.
    System(&'static str),
}

/// `customer:…`, `owner:…`, `system:…`: as steps record who did it.
impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Actor::Guest => f.write_str("guest"),
            Actor::Customer(id) => write!(f, "customer:{id}"),
            Actor::Staff { id, role, .. } => write!(f, "{role}:{id}"),
            Actor::System(name) => write!(f, "system:{name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world() -> World {
        World::new(|| Instant(1_795_000_000_000), || 7)
    }

    fn staff(shop: Option<i64>, role: Role) -> Actor {
        Actor::Staff {
            id: Id::from_raw(1),
            shop: shop.map(Id::from_raw),
            role,
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_chance() {
        let (a, b) = (
            world().cx(Actor::Guest, Lang::Zh),
            world().cx(Actor::Guest, Lang::Zh),
        );
        assert_eq!(
            (a.id::<Shop>(), a.token(), a.digits(6)),
            (b.id::<Shop>(), b.token(), b.digits(6))
        );
        assert_ne!(a.token(), a.token());
    }

    /// The daily look at the bill makes one row for each of some thousand shops, all in one moment.
    #[test]
    fn a_context_makes_no_identifier_twice() {
        let cx = world().cx(Actor::System("bill"), Lang::Zh);
        let other = cx.acting(Actor::Guest);
        let ids: HashSet<Id<Shop>> = (0..20_000)
            .map(|n| if n % 2 == 0 { cx.id() } else { other.id() })
            .collect();
        assert_eq!(ids.len(), 20_000);
    }

    /// Two requests of one millisecond that draw the same.
    #[test]
    fn two_contexts_of_one_world_make_no_identifier_twice() {
        let world = world();
        let contexts = [0, 1].map(|_| world.cx(Actor::Guest, Lang::Zh));
        let ids: HashSet<Id<Shop>> = (0..2_000).map(|n| contexts[n % 2].id()).collect();
        assert_eq!(ids.len(), 2_000);
    }

    #[test]
    fn a_scope_is_made_for_own_staff_and_the_centre_only() {
        let shop = Id::from_raw(5);
        let try_as = |actor| world().cx(actor, Lang::Zh).shop_named(shop).is_ok();
        assert!(try_as(staff(Some(5), Role::Clerk)));
        assert!(try_as(staff(None, Role::Centre)));
        assert!(!try_as(staff(Some(6), Role::Owner)));
        assert!(!try_as(Actor::Guest));
        assert!(!try_as(Actor::Customer(Id::from_raw(5))));
    }
}
