use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    middleware,
    routing::{MethodRouter, get, post},
};
use kernel::{Actor, Role};

use crate::{App, admit::admit};

/// Who may call an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Allow {
    /// Anyone, known or not.
    Anyone,
    /// A customer known by WeChat.
    Customer,
    /// Any staff member of a shop.
    Desk,
    /// The owner or a clerk of a shop.
    FrontDesk,
    /// The owner of a shop.
    Owner,
    /// The owner of a shop, or an officer of the centre.
    Console,
    /// An officer of the centre.
    Centre,
    /// WeChat's servers: a signature is their permission, so there is neither session nor form token.
    Outside,
    /// Another program with a token ([`crate::tokens`]) that has this scope. There is neither session nor form token.
    Token(&'static str),
}

/// As the permission list names it: `Desk`, `bookings:read`.
impl std::fmt::Display for Allow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Allow::Token(scope) => f.write_str(scope),
            other => write!(f, "{other:?}"),
        }
    }
}

impl Allow {
    /// Whether `actor` may pass.
    pub fn admits(self, actor: Actor) -> bool {
        let role = match actor {
            Actor::Staff { role, .. } => Some(role),
            _ => None,
        };
        match self {
            Allow::Anyone | Allow::Outside => true,
            Allow::Token(_) => role.is_some(),
            Allow::Customer => matches!(actor, Actor::Customer(_)),
            Allow::Desk => matches!(role, Some(Role::Owner | Role::Clerk | Role::Therapist)),
            Allow::FrontDesk => matches!(role, Some(Role::Owner | Role::Clerk)),
            Allow::Owner => role == Some(Role::Owner),
            Allow::Console => matches!(role, Some(Role::Owner | Role::Centre)),
            Allow::Centre => role == Some(Role::Centre),
        }
    }
}

/// One line of the permission list.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Entry {
    /// The path with its `{parameters}`.
    pub path: &'static str,
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Who may call it, as [`Allow`] prints; a scope where a token is the permission.
    pub allow: String,
    /// The module that answers.
    pub module: &'static str,
}

/// The addresses of one module.
pub struct Routes {
    module: &'static str,
    entries: Vec<Entry>,
    routers: Vec<(&'static str, MethodRouter<App>)>,
}

/// Forms are small; pictures are not.
const FORM_LIMIT: usize = 64 << 10;
const UPLOAD_LIMIT: usize = 8 << 20;

impl Routes {
    /// No addresses yet.
    pub fn new(module: &'static str) -> Routes {
        Routes {
            module,
            entries: Vec::new(),
            routers: Vec::new(),
        }
    }

    /// Answers GET at `path`.
    pub fn get<H, T>(self, path: &'static str, allow: Allow, handler: H) -> Routes
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add("GET", path, allow, get(handler), FORM_LIMIT)
    }

    /// Answers POST at `path`; the body may hold 64 KiB.
    pub fn post<H, T>(self, path: &'static str, allow: Allow, handler: H) -> Routes
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add("POST", path, allow, post(handler), FORM_LIMIT)
    }

    /// Answers POST with a picture at `path`; the body may hold 8 MiB.
    pub fn upload<H, T>(self, path: &'static str, allow: Allow, handler: H) -> Routes
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.add("POST", path, allow, post(handler), UPLOAD_LIMIT)
    }

    /// The permission list of these addresses.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The router, each address behind its permission.
    pub(crate) fn into_router(self) -> Router<App> {
        let mut router = Router::new();
        for (path, methods) in self.routers {
            router = router.route(path, methods);
        }
        router
    }

    fn add(
        mut self,
        method: &'static str,
        path: &'static str,
        allow: Allow,
        methods: MethodRouter<App>,
        limit: usize,
    ) -> Routes {
        let entry = Entry {
            path,
            method,
            allow: allow.to_string(),
            module: self.module,
        };
        self.entries.push(entry);
        let guarded = methods
            .layer(DefaultBodyLimit::disable())
            .layer(middleware::from_fn(move |request, next| {
                admit(allow, limit, request, next)
            }));
        self.routers.push((path, guarded));
        self
    }
}
