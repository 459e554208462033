//! Starting and stopping the program: database, modules, jobs, doors.

use std::{
    io::Read,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result, anyhow};
use axum::Router;
use db::{Db, Listeners, Runner};
use kernel::{Actor, Error, Instant, Lang, Role, World};
use payment::WeChatPay;
use text::Texts;
use web::{App, Module, Settings, Tiles};

use crate::{config::Config, modules, outside::Outside};

/// The program, running.
pub struct Program {
    /// What the handlers share.
    pub app: App,
    router: Router,
    jobs: db::Running,
    listen: SocketAddr,
}

impl Program {
    /// Opens the database, brings it up to date and starts the jobs. Must run inside the runtime.
    pub fn start(config: &Config, world: World) -> Result<Program> {
        let outside = Outside::connect(config)?;
        let modules = modules::all(&outside);
        let db = open_in(world, config, &modules)?;
        migrate_all(&db, &modules)?;
        let texts = texts(&modules)?;
        let mut routes = Vec::new();
        let mut jobs = Vec::new();
        for module in modules {
            routes.push(module.routes);
            jobs.extend(module.jobs);
        }
        let plugs = outside.plugs(&db)?;
        let app = App::new(db.clone(), texts, settings(config), plugs, modules::navigation);
        let router = app.router(routes);
        plan(&app)?;
        if config.pay.believes.certificates() {
            tokio::spawn(keep_certificates(outside.pay.clone(), app.world.clone()));
        }
        let jobs = Runner::new(db, jobs).start(config.server.job_threads);
        Ok(Program {
            app,
            router,
            jobs,
            listen: config.server.listen,
        })
    }

    /// What answers, without a door to the network.
    #[cfg(test)]
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Answers until the process is asked to stop, then lets running requests and jobs end.
    pub async fn serve(self) -> Result<()> {
        let listener = tokio::net::TcpListener::bind(self.listen)
            .await
            .with_context(|| format!("listening on {}", self.listen))?;
        tracing::info!("serving {} at {}", self.app.settings.base_url, self.listen);
        let db = self.app.db.clone();
        let stop = async move {
            tokio::select! {
                () = asked_to_stop() => {}
                () = disk_failed(db) => {}
            }
        };
        axum::serve(listener, self.router)
            .with_graceful_shutdown(stop)
            .await?;
        let failed = self.app.db.stopped();
        tokio::task::block_in_place(|| self.jobs.stop());
        // A supervisor that starts the program again mends this by itself.
        failed.map_or(Ok(()), |why| Err(anyhow!("{why}")))
    }
}

/// Resolves at Ctrl-C or SIGTERM. Open event streams would hold a graceful end for ever, so the wait is bounded there.
pub async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = match signal(SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(error) => {
            tracing::warn!("cannot listen for SIGTERM: {error}");
            return std::future::pending().await;
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("stopping");
    tokio::spawn(async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        std::process::exit(0);
    });
}

/// Resolves when the database writes no more. Whoever hangs on then is cut off after five seconds.
async fn disk_failed(db: Db) {
    while db.stopped().is_none() {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    tokio::spawn(async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        std::process::exit(1);
    });
}

/// Certificates live in this process's memory and change while it idles, so no job of the database can renew them.
async fn keep_certificates(pay: Arc<WeChatPay>, world: World) {
    let mut minutes = tokio::time::interval(Duration::from_secs(60));
    loop {
        minutes.tick().await;
        let (pay, cx) = (pay.clone(), world.cx(Actor::System("certificates"), Lang::Zh));
        if let Err(error) = tokio::task::spawn_blocking(move || pay.renew_certificates(&cx)).await {
            tracing::error!(%error, "renewing certificates");
        }
    }
}

/// What plans itself from then on: sweeping sessions, publishing the account's menu.
fn plan(app: &App) -> Result<()> {
    let cx = app.world.cx(Actor::System("start"), Lang::Zh);
    app.db
        .write(move |tx| {
            web::sessions::plan_sweep(&cx, tx)?;
            modules::plan(&cx, tx)
        })
        .wait()
        .map_err(told)
}

/// The world of the real program: the system's clock and chance.
pub fn world() -> World {
    world_ahead(Arc::default())
}

/// The same with a clock that goes so many milliseconds before the system's.
pub fn world_ahead(ahead_ms: Arc<AtomicI64>) -> World {
    World::new(
        move || {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            let now = now.map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX));
            Instant(now.saturating_add(ahead_ms.load(Ordering::Relaxed)))
        },
        || getrandom::u64().expect("the system gives random numbers"),
    )
}

/// Opens the database of these settings, with the modules' jobs listening.
pub fn open(config: &Config, modules: &[Module]) -> Result<Db> {
    open_in(world(), config, modules)
}

fn open_in(world: World, config: &Config, modules: &[Module]) -> Result<Db> {
    let mut listeners = Listeners::default();
    for module in modules {
        for (event, job) in &module.listens {
            listeners.on(event, job);
        }
    }
    Db::open(place(config)?, world, listeners).map_err(told)
}

/// Where the database of these settings is; the folder of a file is made.
pub fn place(config: &Config) -> Result<db::Config> {
    let database = &config.database;
    Ok(if database.url.reveal().is_empty() {
        if let Some(folder) = database.path.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        }
        db::Config::Sqlite {
            path: database.path.clone(),
        }
    } else {
        db::Config::Postgres {
            url: database.url.clone(),
            threads: database.threads,
        }
    })
}

/// All modules' words together; a fault in them is told with every line that is wrong.
pub fn texts(modules: &[Module]) -> Result<Texts> {
    let mut builder = Texts::builder();
    for module in modules {
        for (lang, source) in module.texts {
            builder = builder.add(lang, source);
        }
    }
    builder.build().map_err(|faults| anyhow!("{faults}"))
}

/// Brings the tables up to this program; gives a line for each step taken.
pub fn migrate(config: &Config) -> Result<Vec<String>> {
    let modules = modules::all(&Outside::connect(config)?);
    let db = open(config, &modules)?;
    migrate_all(&db, &modules)
}

fn migrate_all(db: &Db, modules: &[Module]) -> Result<Vec<String>> {
    let mut taken = Vec::new();
    for module in modules {
        taken.extend(db.migrate(module.migrations).map_err(told)?);
    }
    Ok(taken)
}

/// Creates an officer of the centre with the password that stands on the standard input.
pub fn create_officer(config: &Config, login: &str, name: &str) -> Result<()> {
    let mut plain = String::new();
    std::io::stdin()
        .read_to_string(&mut plain)
        .context("reading the password")?;
    let password = identity::Password::hash(plain.trim_end_matches(['\r', '\n'])).map_err(told)?;
    let modules = modules::all(&Outside::connect(config)?);
    let db = open(config, &modules)?;
    migrate_all(&db, &modules)?;
    let cx = db.world().cx(Actor::System("officer"), Lang::Zh);
    let new = identity::NewStaff {
        shop: None,
        role: Role::Centre,
        name: name.to_owned(),
        login: login.to_owned(),
        password,
        openid: None,
    };
    db.write(move |tx| identity::create_staff(&cx, tx, &new))
        .wait()
        .map_err(told)?;
    println!("{login} may sign in at {}/sign-in", config.server.base_url);
    Ok(())
}

/// The business's error as the command line tells it.
pub fn told(error: Error) -> anyhow::Error {
    match error {
        Error::Fault(fault) => fault,
        other => anyhow!("{other}"),
    }
}

fn settings(config: &Config) -> Settings {
    let tiles = (!config.map.tiles.is_empty()).then(|| Tiles {
        template: config.map.tiles.clone(),
        credit: config.map.credit.clone(),
    });
    Settings {
        base_url: config.server.base_url.trim_end_matches('/').to_owned(),
        jssdk_url: if config.wechat.app_id.is_empty() {
            String::new()
        } else {
            config.wechat.jssdk_url.clone()
        },
        sign_in_url: config.wechat.open.clone(),
        frame_ancestors: config.server.frame_ancestors.clone(),
        tiles,
        posts_per_minute: config.server.posts_per_minute,
    }
}
