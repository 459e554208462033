//! The local WeChat alone: `cargo run -p sandbox --example local_wechat -- [folder] [port] [program]`.

use std::error::Error;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut config = sandbox::Config::local(arguments.next().unwrap_or_else(|| "local-wechat".into()));
    let port = arguments.next().unwrap_or_else(|| "8701".into());
    config.address = format!("http://127.0.0.1:{port}");
    if let Some(program) = arguments.next() {
        config.callback = format!("{program}/wechat/callback");
        config.program = program;
    }
    let credentials = sandbox::prepare(&config)?;
    println!("phone    {}/phone", config.address);
    println!("control  {}/control", config.address);
    println!("appid    {}", credentials.app_id);
    println!("keys     {}", config.folder.join("credentials.json").display());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    sandbox::serve(config, listener).await?;
    Ok(())
}
