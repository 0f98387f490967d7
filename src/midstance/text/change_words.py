"""The sentences about what changed between takes, to be filled in."""

from __future__ import annotations

OBSTACLES = {
    "same_film": "Both are the same film, so nothing can have changed.",
    "speed_far": "You ran {percent} {faster} in {after}. That is too far apart: film both at one speed.",
    "plane": "The films show you from different sides, so only the rhythm can be compared.",
    "camera_far": "The camera angle differs by {amount:.0f}°, so only the rhythm can be compared. Put it back square "
    "to you, at hip height.",
    "speed": "You ran {percent} {faster} in {after}. Numbers that follow speed are corrected for it.",
    "speed_unsure": "You ran {percent} {faster} in {after}, or the films misread your speed. Numbers that follow speed "
    "are corrected, with a wider error.",
    "speed_unknown": "Your speed is unknown. I assume you ran equally fast.",
    "setting": "The takes are from different places (treadmill, over ground). That alone can cause small changes.",
    "other_side": "The takes show opposite sides of you. The leg away from the camera is seen less well.",
    "camera": "The camera angle differs by {amount:.0f}°, so angles and lengths are less sure. Put it back square to "
    "you, at hip height.",
    "size": "You are {amount:.1f} times as large in one film. The smaller you are, the less exact the numbers.",
    "rate": "The films have different frame rates, so their times are not equally exact.",
    "pose_model": "Different pose models read the takes. Analyse both with the same one to be sure.",
    "version": "Different versions of midstance analysed the takes. Analyse both again to be sure.",
}

FOCUS = {
    "better": "{name} went from {before} to {later}: a real change, in the right direction ({change}).",
    "worse": "{name} went from {before} to {later}: a real change, but in the wrong direction ({change}).",
    "changed": "{name} went from {before} to {later}: a real change ({change}).",
    "no_clear_change": "{name}: {before} before, {later} after. Changes under {least} are within the error, so this is "
    "no clear change.",
    "cannot_tell": "These takes cannot show whether {small_name} changed.",
}

TURNED = {
    "better": "Before: {said_before} Now: {said_later} That is a real change, in the right direction ({change}).",
    "worse": "Before: {said_before} Now: {said_later} That is a real change, but in the wrong direction ({change}).",
    "changed": "Before: {said_before} Now: {said_later} That is a real change ({change}).",
}
"""The same for a number that changed its sign: late became early, crossing became clear of the middle."""

NOW = {
    "stay": "Not there yet. Stay with the same thought: “{cue}”",
    "stay, gone": "The sign is gone, but the change is within the error. Film once more before you move on.",
    "stay, moved": "It is moving, but the sign is still there. Stay with the same thought: “{cue}”",
    "next": "That is done. Next: {next_title}. “{next_cue}”",
    "next, nothing": "That is done, and nothing else asks for a change.",
    "next, watched": "That is done. Keep an eye on what went the other way: film again in two weeks.",
    "another_cue": "Drop this thought for now. Try other words for the same thing: “{next_cue}”",
    "another_cue, no more": "Drop this thought for now, and try another one for the same thing.",
    "film_again": "Film again from the same place, at the same speed, with the same camera.",
}

STEP = {
    ("longer", ("flight",)): "Your step is longer because you cover more ground in the air.",
    ("longer", ("reach",)): "Your step is longer because your lower leg reaches farther. Gain it in the air instead.",
    ("longer", ("flight", "reach")): "Your step is longer, partly in the air and partly by reaching.",
    ("longer", ()): "Your step is longer.",
    ("shorter", ("flight",)): "Your step is shorter because you cover less ground in the air.",
    ("shorter", ("reach",)): "Your step is shorter because your lower leg reaches less.",
    ("shorter", ("flight", "reach")): "Your step is shorter: you reach less, and spend less time in the air.",
    ("shorter", ()): "Your step is shorter.",
}

EXPERIMENT = {
    "confirmed": "Your test says yes: it's {title}. {moved}; {by} was enough.",
    "excluded": "Your test says no: it isn't {title}. {moved}; {by} would have been enough.",
    "open": "Your test leaves {title} open: {small_moved}; {by} would be enough. Do it more clearly and film again.",
    "not_done": "Your test can't be judged: you ran as before. Do it more clearly and film again.",
    "not_measured": "Your test can't be judged: the films don't both show {name}. Film it as the first time.",
}
MOVED = {True: "{name} moved {gain} the right way", False: "{name} did not move the right way"}
WORK_ON_IT = "Work on it: “{cue}”"
TEST_NEXT = "Test the next one. {next}"

NO_FARTHER = "Your foot lands no farther ahead of you than before."

COURSES = {
    "level": "No two takes differ by more than their errors: no clear change.",
    "gradual": "It is {verdict} little by little, by {size} a {per}.",
    "unclear": "Some takes differ by more than their errors, but chance can do that. Nothing lasting shows yet.",
}

SHIFTS = {
    "stayed": "It changed with {take}: {way}. It has stayed since.",
    "came": "It changed with {take}: {way}.",
    "newest": "It changed with {take}: {way}. Your next film will show whether it stays.",
    "back": "It changed with {take} ({way}), and went back with {other}.",
    "several": "It changed {each}.",
}

GAINS = {
    "all": "{name} has kept the gain from {since}.",
    "part": "{name} has lost part of the gain from {since}. Keep that thought.",
    "none": "{name} has lost the gain from {since}. Come back to that thought.",
}

FADED = "Your form faded between the two: {companions}. Think of that first when it gets hard."

WITH_IT = "Along with it: {companions}. That is usual while you learn this, and no failure."
LISTED = {
    "better": "Better as well: {companions}.",
    "worse": "Watch this: {companions}.",
    "changed": "Also changed: {companions}.",
}

VERDICTS = {
    "better": "better",
    "worse": "worse",
    "changed": "changed",
    "no_clear_change": "no clear change",
    "cannot_tell": "cannot tell",
}
