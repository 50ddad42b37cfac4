"""The worker's end: when it is told to stop, it stops."""

import asyncio

from guilder.foundation.jobs import worker


def test_a_stop_that_the_queue_swallows_is_said_again() -> None:
    swallowed = []

    async def service() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            swallowed.append(True)
        await asyncio.sleep(60)

    async def stop() -> bool:
        serving = asyncio.create_task(service())
        await asyncio.sleep(0)
        await asyncio.wait_for(worker.cancel(serving, grace=0.05), 5)
        return serving.cancelled()

    assert asyncio.run(stop())
    assert swallowed == [True]
