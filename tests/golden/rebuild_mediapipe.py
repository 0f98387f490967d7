"""Make demo_mediapipe.npz: what mediapipe 0.10.21 itself sees in the demo clip, for tests/pose/test_blazepose.py.

mediapipe is no dependency of midstance and needs numpy 1 and Python 3.9 to 3.12, so this runs in an environment apart:

    python3.11 -m venv /tmp/mediapipe
    /tmp/mediapipe/bin/pip install "mediapipe==0.10.21" "numpy<2" av
    /tmp/mediapipe/bin/python tests/golden/rebuild_mediapipe.py
"""

from __future__ import annotations

from pathlib import Path

import av
import mediapipe
import numpy as np

HERE = Path(__file__).parent
CLIP = HERE.parent / "data" / "demo.mp4"
NAMES = {"nose": 0, "left_ear": 7, "right_ear": 8} | {
    f"{side}_{point}": number + k
    for point, number in zip(
        ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "toe"),
        (11, 13, 15, 23, 25, 27, 29, 31),
        strict=True,
    )
    for k, side in enumerate(("left", "right"))
}


def main() -> None:
    """Every frame through mediapipe's own graph; pixels rounded to a tenth."""
    pose = mediapipe.solutions.pose.Pose(static_image_mode=False, model_complexity=1, smooth_landmarks=False)
    xy = []
    with av.open(str(CLIP)) as film:
        for frame in film.decode(video=0):
            seen = pose.process(frame.to_ndarray(format="rgb24")).pose_landmarks
            size = (frame.width, frame.height)
            nothing = np.full((len(NAMES), 2), np.nan)
            xy.append(
                [np.multiply((seen.landmark[k].x, seen.landmark[k].y), size) for k in NAMES.values()]
                if seen
                else nothing
            )
    tenths = np.round(np.array(xy) * 10).astype(np.int16)
    np.savez_compressed(HERE / "demo_mediapipe.npz", names=list(NAMES), xy_tenth_px=tenths)


if __name__ == "__main__":
    main()
