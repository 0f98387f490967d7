"""Makes docs/pictures/ from the demo clips: a loop of the film, the report on a phone, the phases of the stride.

Run: python docs/draw_pictures.py (analyses the clips once; needs Playwright and a Chromium for the page)
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import cv2
import numpy as np
from playwright.sync_api import ViewportSize, sync_playwright

from midstance.model import Analysis, Clip
from midstance.output.results import write_results
from midstance.render.film import film_frames
from midstance.text.report import describe
from midstance.together import analyze_together
from midstance.video.frames import pick_frames
from midstance.video.opening import open_clip
from midstance.video.stills import Image, open_picture

ROOT = Path(__file__).parent.parent
PICTURES = Path(__file__).with_name("pictures")
DEMO = [ROOT / "src" / "midstance" / "data" / f"demo_before_{side}.mp4" for side in ("side", "front")]

FILM_WIDTH, SHEET_WIDTH = 480, 1600
PHONE: ViewportSize = {"width": 390, "height": 844}


def main() -> None:
    """Analyse the demo clips, write its results for once, and keep three pictures of them."""
    PICTURES.mkdir(exist_ok=True)
    analysis = analyze_together(DEMO, height_m=1.75)
    with tempfile.TemporaryDirectory() as folder:
        results = write_results(analysis, describe(analysis), Path(folder))
        film = open_clip(Path(folder) / "annotated.mp4")
        chosen = strides(analysis)
        save_loop(film, chosen, PICTURES / "film.webp")
        save_still(screenshot(results.page), PICTURES / "page.webp")
        save_still(narrower(open_picture(Path(folder) / "frames" / "sheet.png"), SHEET_WIDTH), PICTURES / "sheet.webp")
    for path in sorted(PICTURES.iterdir()):
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1000:.0f} kB")


def strides(analysis: Analysis) -> range:
    """The frames of the demo's film from one landing of the near foot to the next but one: it begins as it ends."""
    shows, _, _ = film_frames(analysis, freezes={})
    landings = [contact.strike_frame for contact in analysis.contacts if contact.side == analysis.view.near_side]
    first, last = (int(np.searchsorted(shows, landings[i])) for i in (0, 2))
    return range(first, last)


def save_loop(film: Clip, chosen: range, path: Path) -> None:
    """Part of a film as an animated WebP that plays for ever."""
    pictures = pick_frames(film, chosen)
    loop = cv2.Animation()
    loop.frames = [narrower(pictures[i], FILM_WIDTH)[..., ::-1].copy() for i in chosen]
    loop.durations = [round(1000 / film.rate_hz)] * len(chosen)
    cv2.imwriteanimation(str(path), loop, [cv2.IMWRITE_WEBP_QUALITY, 45])


def screenshot(page: Path) -> Image:
    """The first screen of the report on a phone."""
    with sync_playwright() as api:
        browser = api.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        tab = browser.new_page(viewport=PHONE, device_scale_factor=2)
        tab.goto(page.as_uri())
        tab.wait_for_function("[...document.images].every(image => image.complete)")
        stored = np.frombuffer(tab.screenshot(), np.uint8)
        browser.close()
    return np.asarray(cv2.imdecode(stored, cv2.IMREAD_COLOR_RGB), np.uint8)


def narrower(image: Image, width: int) -> Image:
    """The same picture, as wide as asked."""
    size = (width, round(image.shape[0] * width / image.shape[1]))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def save_still(image: Image, path: Path) -> None:
    """A picture as WebP."""
    cv2.imwrite(str(path), image[..., ::-1].copy(), [cv2.IMWRITE_WEBP_QUALITY, 80])


if __name__ == "__main__":
    main()
