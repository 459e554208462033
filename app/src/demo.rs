//! `tuina demo`: the program with fictional shops, beside a local WeChat with a phone.
//!
//! Everything is made through the same actions that people use; nothing is written behind their back. No shop, person or
//! number of the demo exists.

pub(crate) mod history;
pub(crate) mod shops;

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, atomic::AtomicI64},
};

use anyhow::{Context, Result};
use clap::Args;
use kernel::{Day, Instant};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    config::Config,
    outside::sandbox_config,
    program::{self, Program},
};

/// How the demo is started.
#[derive(Args)]
pub struct Options {
    /// The port of the program.
    #[arg(long, default_value_t = 8700)]
    pub port: u16,
    /// The port of the local WeChat.
    #[arg(long, default_value_t = 8701)]
    pub sandbox_port: u16,
    /// Where database and keys are kept.
    #[arg(long, default_value = "var/demo")]
    pub data: PathBuf,
    /// A PostgreSQL database in place of the SQLite file.
    #[arg(long)]
    pub database: Option<String>,
    /// The local WeChat runs apart: `tuina sandbox` with the same port and `DATA/sandbox` as its data. It outlives this program.
    #[arg(long)]
    pub apart: bool,
    /// Throw the old demo data away first (SQLite only).
    #[arg(long)]
    pub fresh: bool,
    /// The moment in Beijing at which the demo's clock starts, such as 2026-11-24T10:00; the sandbox's control page turns it on.
    #[arg(long, value_parser = moment)]
    pub at: Option<Instant>,
}

fn moment(text: &str) -> std::result::Result<Instant, String> {
    let (day, time) = text.split_once('T').unwrap_or((text, "10:00"));
    let minute = time.split_once(':').and_then(|(hour, minute)| {
        let (hour, minute) = (hour.parse::<i64>().ok()?, minute.parse::<i64>().ok()?);
        ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some(hour * 60 + minute)
    });
    match (Day::parse(day), minute) {
        (Some(day), Some(minute)) => Ok(day.at(minute)),
        _ => Err("a day and a time in Beijing are wanted, such as 2026-11-24T10:00".to_owned()),
    }
}

/// The password of every account of the demo.
pub const PASSWORD: &str = "tuina-demo";

/// Starts both sides and answers until the process is asked to stop.
pub async fn run(options: &Options) -> Result<()> {
    fs::create_dir_all(&options.data).with_context(|| format!("making {}", options.data.display()))?;
    if options.fresh {
        for ending in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(options.data.join(format!("demo.db{ending}")));
        }
    }
    let address = format!("http://127.0.0.1:{}", options.port);
    let machine = program::world().now();
    let ahead_ms = Arc::new(AtomicI64::new(options.at.map_or(0, |at| at - machine)));
    let world = program::world_ahead(ahead_ms.clone());
    let mut sandbox = sandbox_config(options.sandbox_port, &options.data.join("sandbox"), &address);
    // Both clocks are one: each side refuses what the other stamps more than five minutes off.
    sandbox.ahead_ms = ahead_ms;
    let phone = format!("{}/phone", sandbox.address);
    let (credentials, local_wechat) = start_wechat(options, sandbox).await?;

    let config = settings(options, &address, &credentials)?;
    let people: People = credentials
        .people
        .iter()
        .map(|person| (person.id.clone(), person.openid.clone()))
        .collect();
    let people = Arc::new(people);
    let (filling, today) = (config.clone(), world.now());
    let made = tokio::task::spawn_blocking(move || fill(&filling, today, &people)).await??;
    let program = Program::start(&config, world)?;
    print_addresses(&address, &phone, made);
    tokio::select! {
        ended = program.serve() => ended,
        ended = local_wechat => Ok(ended??),
    }
}

/// Starts the local WeChat beside the program; one that runs apart is left to itself, and only its credentials are read.
async fn start_wechat(
    options: &Options,
    sandbox: sandbox::Config,
) -> Result<(
    sandbox::Credentials,
    JoinHandle<std::result::Result<(), sandbox::Error>>,
)> {
    let listener = match options.apart {
        true => None,
        false => Some(
            TcpListener::bind(("127.0.0.1", options.sandbox_port))
                .await
                .with_context(|| {
                    format!("listening on port {} for the local WeChat", options.sandbox_port)
                })?,
        ),
    };
    let prepared = sandbox.clone();
    let credentials = tokio::task::spawn_blocking(move || sandbox::prepare(&prepared)).await??;
    let serving = match listener {
        Some(listener) => tokio::spawn(sandbox::serve(sandbox, listener)),
        None => tokio::spawn(std::future::pending()),
    };
    Ok((credentials, serving))
}

/// The settings of the program beside this sandbox.
fn settings(options: &Options, address: &str, credentials: &sandbox::Credentials) -> Result<Config> {
    let mut config = Config::load(None, std::env::vars())?;
    config.server.listen = ([127, 0, 0, 1], options.port).into();
    address.clone_into(&mut config.server.base_url);
    config.server.frame_ancestors = vec![credentials.api.clone()];
    config.database.path = options.data.join("demo.db");
    if let Some(url) = &options.database {
        config.database.url = kernel::Secret::new(url.clone());
    }
    let wechat = &mut config.wechat;
    wechat.app_id.clone_from(&credentials.app_id);
    wechat.app_secret = kernel::Secret::new(credentials.app_secret.clone());
    wechat.callback_token = kernel::Secret::new(credentials.callback_token.clone());
    wechat.encoding_aes_key = kernel::Secret::new(credentials.encoding_aes_key.clone());
    wechat.jssdk_url.clone_from(&credentials.jssdk);
    wechat.api.clone_from(&credentials.api);
    wechat.open.clone_from(&credentials.open);
    wechat.pay_api.clone_from(&credentials.pay);
    wechat.templates = credentials
        .templates
        .iter()
        .map(|template| (template.title.clone(), template.template_id.clone()))
        .collect();
    let (pay, partner, platform) = (&mut config.pay, &credentials.partner, &credentials.platform);
    pay.sp_mchid.clone_from(&partner.mchid);
    pay.serial.clone_from(&partner.serial);
    pay.private_key_file = PathBuf::from(&partner.private_key_file);
    pay.api_v3_key = kernel::Secret::new(partner.api_v3_key.clone());
    pay.public_key_id.clone_from(&platform.public_key_id);
    pay.public_key_file = PathBuf::from(&platform.public_key_file);
    Ok(config)
}

pub(crate) type People = std::collections::HashMap<String, String>;

/// Fills an empty database; one that has shops stays as it is. Gives how many shops were made.
fn fill(config: &Config, today: Instant, people: &Arc<People>) -> Result<usize> {
    let stage = history::Stage::open(config, today)?;
    if !stage.is_empty()? {
        return Ok(0);
    }
    let shops = shops::make(&stage, people, shops::SHOPS)?;
    history::live(&stage, &shops, history::DAYS)?;
    Ok(shops.len())
}

fn print_addresses(address: &str, phone: &str, made: usize) {
    if made > 0 {
        println!("Made {made} fictional shops.");
    }
    println!("The phone:        {phone}");
    println!("The program:      {address}/");
    println!("The shop's desk:  {address}/desk        sign in as  owner1  (clerk1, therapist1)");
    println!("The console:      {address}/console     sign in as  centre");
    println!("The password of all of them:  {PASSWORD}");
    println!("ready");
    let _ = std::io::Write::flush(&mut std::io::stdout());
}
