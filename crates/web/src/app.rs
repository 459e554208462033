use std::{
    any::{Any, TypeId, type_name},
    collections::HashMap,
    sync::Arc,
};

use db::Db;
use kernel::World;
use text::Texts;

use crate::{limit::Limiter, page::Navigation};

/// What every handler can reach. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub db: Db,
    /// Every visible and spoken word.
    pub texts: Arc<Texts>,
    /// Time and chance.
    pub world: World,
    /// What the operator configured about the doors.
    pub settings: Arc<Settings>,
    pub(crate) plugs: Arc<Plugs>,
    pub(crate) navigation: Arc<dyn Navigation>,
    pub(crate) limiter: Arc<Limiter>,
}

impl App {
    /// Puts the state together.
    pub fn new(
        db: Db,
        texts: Texts,
        settings: Settings,
        plugs: Plugs,
        navigation: impl Navigation + 'static,
    ) -> App {
        App {
            world: db.world().clone(),
            db,
            texts: Arc::new(texts),
            settings: Arc::new(settings),
            plugs: Arc::new(plugs),
            navigation: Arc::new(navigation),
            limiter: Arc::new(Limiter::default()),
        }
    }

    /// The thing of type `T` that the program put in at start. Asking for one that is not there is a programmer error;
    /// the test that starts the whole program finds it.
    pub fn plug<T: Send + Sync + 'static>(&self) -> &T {
        self.plugs
            .get()
            .unwrap_or_else(|| panic!("the program was started without {}", type_name::<T>()))
    }

    /// The thing of type `T`, where the program may run without one.
    pub fn plug_maybe<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.plugs.get()
    }
}

/// Things of the outside world and shared indexes, one of each type, put in by the program at start.
#[derive(Default)]
pub struct Plugs(HashMap<TypeId, Box<dyn Any + Send + Sync>>);

impl Plugs {
    /// Adds a thing; a second one of the same type takes the first one's place.
    pub fn with<T: Send + Sync + 'static>(mut self, thing: T) -> Plugs {
        self.0.insert(TypeId::of::<T>(), Box::new(thing));
        self
    }

    fn get<T: 'static>(&self) -> Option<&T> {
        self.0.get(&TypeId::of::<T>())?.downcast_ref()
    }
}

/// What the operator configured about the doors.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address people reach the program by, without a slash at the end: `https://tuina.example`.
    pub base_url: String,
    /// Where the pages load WeChat's JS-SDK from; empty where there is none.
    pub jssdk_url: String,
    /// Where people sign in with WeChat (`https://open.weixin.qq.com`): a form sent after the session ended is led there.
    pub sign_in_url: String,
    /// Origins that may show our pages in a frame (the local phone); empty in production.
    pub frame_ancestors: Vec<String>,
    /// Map tiles, where a licensed provider is configured.
    pub tiles: Option<Tiles>,
    /// Form posts that one browser may send in a minute.
    pub posts_per_minute: u32,
}

impl Settings {
    /// Whether cookies are marked for HTTPS only.
    pub fn secure(&self) -> bool {
        self.base_url.starts_with("https://")
    }

    /// Scheme and host of an address, as a Content-Security-Policy names it.
    pub(crate) fn origin(address: &str) -> &str {
        let start = address.find("://").map_or(0, |at| at + 3);
        let end = address[start..].find('/').map_or(address.len(), |at| start + at);
        &address[..end]
    }
}

/// A provider of map tiles in GCJ-02.
#[derive(Debug, Clone)]
pub struct Tiles {
    /// Leaflet's URL template.
    pub template: String,
    /// The credit that its licence asks for, with the map approval number (审图号).
    pub credit: String,
}
