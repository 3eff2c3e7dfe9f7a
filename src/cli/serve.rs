//! Serving, and checking whether one could: both make the same preparations.
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use crate::{
    cli::{demo, log},
    clock::Clock,
    server::{self, folder},
    service::{Services, reads::pages},
    settings::Settings,
};

/// All that a server needs before it serves.
struct Prepared {
    settings: Settings,
    listener: TcpListener,
    services: Services,
    /// SQLite's folder, until the end.
    _folder: Option<folder::Lock>,
}

/// Opens everything the settings name.
///
/// # Errors
/// In words that name the setting.
async fn prepare(settings: Settings, demo: bool) -> anyhow::Result<Prepared> {
    let listener = server::listen(settings.bind)?;
    let settings = Settings {
        bind: listener.local_addr()?,
        ..settings
    };
    let folder = &settings.data_dir;
    let taken = |error: String| {
        anyhow::anyhow!(
            "DEMARCHE_DATA_DIR: {} cannot be used: {error}",
            folder.display()
        )
    };
    let lock = match settings.database_url {
        Some(_) => None,
        None => {
            folder::private(folder, None).map_err(taken)?;
            Some(folder::lock(folder).map_err(taken)?)
        }
    };
    if let Some(bind) = settings.metrics_bind {
        metrics_exporter_prometheus::PrometheusBuilder::new()
            .with_http_listener(bind)
            .install()
            .map_err(|error| anyhow::anyhow!("DEMARCHE_METRICS_BIND: {error}"))?;
    }
    let services = server::services(&settings, demo, Clock::default()).await?;
    // Now, and not at the first checkpoint, where only the log would tell.
    services
        .options
        .chain_key
        .signer()
        .map_err(anyhow::Error::msg)?;
    for page in pages::strange(&services.options.pages) {
        tracing::warn!("{page}");
    }
    Ok(Prepared {
        settings,
        listener,
        services,
        _folder: lock,
    })
}

/// Does all that `serve` does before it serves.
pub async fn check(settings: Settings) -> anyhow::Result<()> {
    let Prepared { services, .. } = prepare(settings, false).await?;
    let away = services.live.is_away();
    services.stop.cancel();
    services.store.close().await;
    if away {
        anyhow::bail!(
            "DEMARCHE_REDIS_URL: Redis does not answer; a server would start without it and go on trying"
        );
    }
    println!("the settings are good");
    Ok(())
}

/// Serves until it is told to stop.
pub async fn serve(settings: Settings, demo: bool) -> anyhow::Result<()> {
    if demo && !settings.bind.ip().is_loopback() {
        anyhow::bail!(
            "--demo has known contents and is for this machine alone: set DEMARCHE_BIND to a loopback address"
        );
    }
    let Prepared {
        settings,
        listener,
        services,
        _folder,
    } = prepare(settings, demo).await?;
    if demo {
        demo::fill(&services, &settings).await?;
    }
    if !services.options.budgets {
        tracing::warn!("limits per account and address are off (DEMARCHE_BUDGETS)");
    }
    let edge = server::edge(&settings, settings.bind);
    log::say(format_args!("Demarche listens on http://{}", settings.bind));
    let stop = services.stop.clone();
    let (mut term, mut interrupt) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    );
    tokio::spawn(async move {
        tokio::select! { _ = term.recv() => {}, _ = interrupt.recv() => {} }
        // First of all: nothing that can fail or wait stands before it.
        stop.cancel();
        tracing::info!("stopping");
    });
    server::serve(listener, services, edge, server::held(&settings)).await
}
