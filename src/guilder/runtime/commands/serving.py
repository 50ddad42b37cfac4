"""`guilder up`, and its parts on machines of their own: web, worker, scheduler, database."""

import logging.config
import os
import signal
import threading
from typing import Any

import click

from guilder.config import logs
from guilder.runtime import environment

port_option = click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=lambda: int(os.environ.get("PORT", "8000")),
    help="The port to listen on (PORT, else 8000).",
)
host_option = click.option(
    "--host",
    default=lambda: os.environ.get("GUILDER_LISTEN", "127.0.0.1"),
    help="The address to listen on (GUILDER_LISTEN, else 127.0.0.1: this machine only).",
)
data_option = click.option("--data", metavar="DIR", help="The data folder (else GUILDER_HOME).")


def prepare(context: click.Context, data: str | None, *, service: str) -> Any:
    """Read the environment and begin to log; returns the home."""
    given = data or (context.obj.data if context.obj is not None else None)
    folder = environment.load(data=given)
    environment.keep_bytecode(folder)
    os.environ.setdefault("GUILDER_SERVICE", service)
    logging.config.dictConfig(logs.configuration())
    return folder


@click.command()
@port_option
@host_option
@data_option
@click.option("--no-demo", is_flag=True, help="Leave a new database without demo data.")
@click.pass_context
def up(context: click.Context, *, port: int, host: str, data: str | None, no_demo: bool) -> None:
    """Start everything: database, web and worker; stop with Ctrl+C."""
    folder = prepare(context, data, service="guilder")
    from guilder.runtime.supervisor import Options, Supervisor

    code = Supervisor(Options(home=folder, host=host, port=port, demo=not no_demo)).run()
    context.exit(code)


@click.command()
@port_option
@host_option
@click.option("--workers", type=click.IntRange(1), help="Processes (else one a processor).")
@data_option
@click.pass_context
def web(
    context: click.Context, *, port: int, host: str, workers: int | None, data: str | None
) -> None:
    """Serve pages and API only; the database runs elsewhere."""
    folder = prepare(context, data, service="web")
    from guilder.runtime import server, supervisor

    supervisor.check_port(host, port)
    cluster = bind_to_app(folder)
    try:
        server.serve(host=host, port=port, workers=workers)
    finally:
        if cluster is not None:
            cluster.stop()


@click.command()
@data_option
@click.pass_context
def worker(context: click.Context, *, data: str | None) -> None:
    """Do background work only: mail, PDF, events, schedules."""
    folder = prepare(context, data, service="worker")
    cluster = bind_to_app(folder)
    from guilder.runtime.worker import work

    try:
        work()
    finally:
        if cluster is not None:
            cluster.stop()


@click.command()
@data_option
@click.pass_context
def scheduler(context: click.Context, *, data: str | None) -> None:
    """Queue periodic work only; workers elsewhere do it. Several may run side by side."""
    folder = prepare(context, data, service="scheduler")
    cluster = bind_to_app(folder)
    from guilder.runtime.worker import schedule

    try:
        schedule()
    finally:
        if cluster is not None:
            cluster.stop()


@click.command()
@data_option
@click.pass_context
def database(context: click.Context, *, data: str | None) -> None:
    """Run the embedded database only, until it is told to stop."""
    folder = prepare(context, data, service="database")
    from guilder.runtime.postgres import EmbeddedPostgres

    stop = threading.Event()
    for order in (signal.SIGINT, signal.SIGTERM):
        signal.signal(order, lambda *_: stop.set())
    cluster = EmbeddedPostgres(folder).up()
    click.echo(f"PostgreSQL is ready at {cluster.owner_url}")
    try:
        while not stop.wait(0.5):
            if not cluster.alive():
                cluster.let_go()
                cluster = EmbeddedPostgres(folder).up()
    finally:
        cluster.stop()


def bind_to_app(folder: Any) -> Any:
    """Point this process at the database as the app's role; returns the embedded cluster, if any.

    Raises supervisor.UnsafeRole for a role that row level security does not bind.
    """
    from guilder.runtime import migration, supervisor

    addresses, cluster = environment.open_database(folder)
    try:
        migration.require_current(addresses)
        supervisor.check_role(addresses.app)
    except BaseException:
        if cluster is not None:
            cluster.stop()
        raise
    os.environ["DATABASE_URL"] = os.environ["GUILDER_OWNER_DATABASE_URL"] = addresses.app
    return cluster
