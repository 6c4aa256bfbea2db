"""Chromium without a window, driven over two pipes in its own protocol: no driver, no port, no network."""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")

DESKTOP, PHONE = (1280, 800, 1), (390, 844, 3)
"""Width, height [px] and device pixels a pixel."""

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--remote-debugging-pipe",
)


class Browser:
    """One browser; each page is a tab of its own."""

    def __init__(self) -> None:
        self._profile = tempfile.mkdtemp(prefix="gridgeo-browser-")
        (theirs_in, self._out), (self._in, theirs_out) = os.pipe(), os.pipe()
        flags = [*_FLAGS, f"--user-data-dir={self._profile}"]
        command = ["/bin/bash", "-c", f'exec "$0" "$@" 3<&{theirs_in} 4>&{theirs_out}', str(CHROMIUM), *flags]
        self._process = subprocess.Popen(
            command, pass_fds=(theirs_in, theirs_out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._numbers = itertools.count(1)
        self._rest = b""
        self.events: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        with suppress(OSError, RuntimeError):
            self.ask("Browser.close")
        self._process.wait(timeout=20)
        os.close(self._out)
        os.close(self._in)
        shutil.rmtree(self._profile, ignore_errors=True)

    def ask(self, method: str, session: str | None = None, **values: Any) -> dict[str, Any]:
        """Send a command and wait for its answer; what happens meanwhile is kept in `events`."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": values} | ({"sessionId": session} if session else {})
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            data = os.read(self._in, 1 << 20)
            if not data:
                raise OSError("the browser is gone")
            self._rest += data
        message, _, self._rest = self._rest.partition(b"\0")
        found: dict[str, Any] = json.loads(message)
        return found

    @contextmanager
    def page(self, file: Path, size: tuple[int, int, int] = DESKTOP, address: str = "") -> Iterator[Tab]:
        """A file, opened; ready when its `gridgeo.ready` says so."""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        tab = Tab(self, session)
        for domain in ("Page", "Runtime", "Network", "Log"):
            tab.ask(f"{domain}.enable")
        tab.ask("Performance.enable", timeDomain="threadTicks")
        width, height, ratio = size
        tab.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=ratio, mobile=ratio > 1
        )
        if ratio > 1:
            tab.ask("Emulation.setTouchEmulationEnabled", enabled=True)
        tab.ask("Page.navigate", url=f"file://{file}{address}")
        try:
            yield tab
        finally:
            self.ask("Target.closeTarget", targetId=target)


class Tab:
    """A page in the browser."""

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser, self._session = browser, session

    def ask(self, method: str, **values: Any) -> dict[str, Any]:
        """Send a command of the protocol."""
        return self._browser.ask(method, self._session, **values)

    def run(self, script: str) -> Any:
        """Value of an expression, awaited if it is a promise."""
        done = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in done:
            raise RuntimeError(json.dumps(done["exceptionDetails"])[:2000])
        return done["result"].get("value")

    def when_ready(self, seconds: float = 60) -> Self:
        """Wait until everything is drawn."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with suppress(RuntimeError):  # a page that is still being opened forgets what it was asked
                if self.run("typeof gridgeo === 'object' && document.readyState !== 'loading'"):
                    self.run("gridgeo.ready.then(() => true)")
                    return self
            time.sleep(0.02)
        raise TimeoutError("the page did not get ready")

    def click(self, x: float, y: float) -> None:
        """Press and release at a place of the window [px]."""
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def key(self, key: str) -> None:
        """Press and release a key."""
        code = {"Enter": 13, "Escape": 27, "Tab": 9}.get(key, ord(key[0]))
        text = {"text": "\r"} if key == "Enter" else {"text": key} if len(key) == 1 else {}
        self.ask("Input.dispatchKeyEvent", type="keyDown", key=key, windowsVirtualKeyCode=code, **text)
        self.ask("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def picture(self) -> bytes:
        """The window as PNG."""
        return base64.b64decode(self.ask("Page.captureScreenshot", format="png")["data"])

    def cpu(self) -> float:
        """Processor time of the main thread so far [s]."""
        metrics = {row["name"]: row["value"] for row in self.ask("Performance.getMetrics")["metrics"]}
        return float(metrics["TaskDuration"])

    def complaints(self) -> list[str]:
        """Errors, warnings and messages of the console, and requests to any host."""
        found = []
        for event in self._browser.events:
            if event.get("sessionId") != self._session:
                continue
            method, values = event["method"], event["params"]
            if method in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"):
                found.append(json.dumps(values)[:500])
            if method == "Network.requestWillBeSent" and not values["request"]["url"].startswith(
                ("file:", "data:", "blob:")
            ):
                found.append(values["request"]["url"])
        return found
