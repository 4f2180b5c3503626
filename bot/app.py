"""Puts the program together from its settings, starts it and stops it."""

import asyncio
import contextlib
import errno
import gc
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial

import aiohttp
import structlog
from aiohttp import web
from cachetools import TTLCache

from bot import monitoring
from bot.builtin import sets
from bot.github.client import TIMEOUT, App, Client
from bot.github.open_pulls import open_pulls
from bot.github.redelivery import Redelivery
from bot.github.resolve import resolve
from bot.github.targets import Base, Head, Source, Sweep, Target
from bot.reading import Gate
from bot.reconcile import reconcile, show_trouble
from bot.rulebook import UPSTREAM_SECONDS, Rulebook
from bot.settings import Settings
from bot.store import Store, open_store
from bot.store.ageing import forget_old
from bot.store.masks import Masks
from bot.store.wishes import Wish
from bot.web import document
from bot.web.links import Links
from bot.webhook import routes
from bot.work import LONGEST_NAP, Chore, Worker, ensure_held
from bot.work.sweep import ROUND_SECONDS, catch_up, missed, sweep

_SHARED_UPSTREAM_SECONDS = 0.2  # less than a push to a source waits before anybody looks at whom it concerns

_PULSE = "redelivery"
"""The chore that tells since when nobody was there."""

log = structlog.get_logger()


class AddressUnusableError(OSError):
    """The server can't listen where the settings say; `str()` is one line that says what to type."""


@contextlib.asynccontextmanager
async def running(
    settings: Settings, *, now: Callable[[], float] | None = None, nap: float = LONGEST_NAP, heals: bool = True
) -> AsyncIterator[str]:
    """The server while the block runs: its address. Raises `StoreUnusable` or `AddressUnusableError`.

    `now` is the clock in epoch seconds, the store's unless given, which `nap` seconds of real time may pass without
    being looked at: a sandbox's clock jumps. Without `heals` it goes by what reaches it alone.
    """
    async with (
        open_store(settings.database, now=now) as store,
        aiohttp.ClientSession(timeout=TIMEOUT) as session,
    ):
        client = Client(session, _app(settings), before_write=ensure_held, clock=store.now)
        links = Links([one.get_secret_value().encode() for one in settings.github_webhook_secrets], settings.public_url)
        masks = Masks(store)
        gate = Gate(client, store, _rulebook(client, store), masks, heals=heals, document_url=links.to)
        chores = _chores(client, store, settings) if heals else ()
        worker = Worker(
            store,
            reconcile=partial(reconcile, gate),
            resolve=partial(_resolved, gate),
            on_trouble=partial(show_trouble, gate),
            sweep=partial(_missed, client, store),
            chores=chores,
            nap=nap,
        )

        async def ready() -> str | None:
            return worker.why_not_running() or await store.why_not_writable()

        application = web.Application()
        application.add_routes(routes(settings, store.accept, ready, now=store.now, lets=masks.lets))
        application.add_routes(monitoring.routes(store))
        application.add_routes(document.routes(gate, links))
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        try:
            await _catch_up(store, chores)
            await _listen(runner, settings)
            worker.start()
            address = _address(runner)
            log.info("server.started", address=address, github=settings.github_api_url)
            yield address
        finally:
            # First no more deliveries, then the passes under way: what was accepted is done or kept.
            await runner.cleanup()
            await worker.stop()
        log.info("server.stopped")


async def serve(settings: Settings) -> None:
    """Runs until SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    async with running(settings):
        # What is there by now stays; looking through it for garbage again and again is a tenth of a delivery's cost.
        gc.collect()
        gc.freeze()
        await stopped.wait()


def _chores(client: Client, store: Store, settings: Settings) -> tuple[Chore, ...]:
    """What is done again and again, once for all replicas."""
    redelivery = Redelivery(client=client)

    async def redeliver() -> None:
        await redelivery.ask_again()

    async def forget() -> None:
        log.info("store.aged", rows=await forget_old(store, keep_facts_days=settings.keep_facts_days))

    async def look_everywhere() -> None:
        log.info("repositories.swept", repositories=await sweep(store))

    return (
        Chore(name=_PULSE, every=300, work=redeliver),
        Chore(name="retention", every=86_400, work=forget),
        Chore(name="sweep", every=ROUND_SECONDS, work=look_everywhere),
    )


async def _catch_up(store: Store, chores: Sequence[Chore]) -> None:
    for chore in chores:
        if chore.name == _PULSE and (found := await catch_up(store, chore)) is not None:
            log.info("repositories.swept", repositories=found, after="an absence")


def _rulebook(client: Client, store: Store) -> Rulebook:
    """What one replica hears of a push to a source of rules, the others don't: they must not go by what they read."""
    seconds = _SHARED_UPSTREAM_SECONDS if store.is_shared else UPSTREAM_SECONDS
    return Rulebook(client, store, sets(), upstreams=TTLCache(maxsize=1_000, ttl=seconds))


async def _resolved(gate: Gate, target: Head | Base | Source) -> Sequence[Target]:
    """What the target stands for: GitHub knows pull requests, we alone know who takes rules from where."""
    if isinstance(target, Source):
        return await gate.rulebook.extending(target)
    return await resolve(gate.client, gate.store, target)


async def _missed(client: Client, store: Store, target: Sweep) -> Sequence[Wish]:
    return await missed(store, target.repository, await open_pulls(client, target.repository))


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        raise AddressUnusableError(_why_not_there(settings, error.errno)) from error


def _why_not_there(settings: Settings, number: int | None) -> str:
    port = f"PORT={settings.port}"
    match number:
        case errno.EADDRINUSE:
            seen = f"{port} is taken on {settings.host}"
            return f"{seen}; wanted a free port; stop what listens there, or type PORT=0 for any free one"
        case errno.EACCES:
            return f"{port} is not for this user; wanted a port from 1024; type PORT=8080"
        case _:
            seen = f"HOST={settings.host} is no address of this machine"
            return f"{seen}; wanted one to listen on; type HOST=127.0.0.1, or HOST=0.0.0.0 for all of them"


def _app(settings: Settings) -> App:
    return App(
        id=settings.github_app_id,
        private_key=settings.github_app_private_key.get_secret_value(),
        api_url=settings.github_api_url,
        graphql_url=settings.graphql_url,
    )


def _address(runner: web.AppRunner) -> str:
    host, port = runner.addresses[0][:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
