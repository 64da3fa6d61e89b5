"""What a picture costs: each kind as SVG, and as PNG in the process that draws it."""

import statistics
import subprocess
import sys
import time

from bot.pictures.render import command
from bot.texts import texts_in
from tests.bot.pictures.samples import samples

ROUNDS = 7


# Run behind the program: the largest size it had, as Linux tells it.
_TELL = "\nprint([one for one in open('/proc/self/status') if 'VmHWM' in one][0], file=sys.stderr)"


async def pictures() -> list[str]:
    made = samples(texts_in("zh"))
    begun = time.process_time()
    for _ in range(ROUNDS):
        samples(texts_in("zh"))
    svg = (time.process_time() - begun) * 1000 / ROUNDS / len(made)
    bare, size = _cost([sys.executable, "-I", "-S", "-c", "import sys; sys.stdin.read()"], "")
    told = []
    for name, picture in made.items():
        seconds, megabytes = _cost(command("light"), picture.svg)
        told.append(
            f"picture {name}, {len(picture.svg) / 1000:.1f} kB of SVG: {seconds * 1000:.0f} ms in "
            f"all, {seconds / bare:.1f} times a bare Python ({bare * 1000:.0f} ms); "
            f"{megabytes - size:.0f} MB more than that; aim: under 120 ms and 20 MB"
        )
    return [f"pictures as SVG: {svg:.2f} ms CPU each", *told]


def _cost(start: list[str], svg: str) -> tuple[float, float]:
    """Median seconds from the start of a process to its end, and its largest size in MB."""
    figures = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        subprocess.run(start, input=svg.encode(), capture_output=True, check=True)
        figures.append(time.perf_counter() - begun)
    return statistics.median(figures), _largest(start, svg)


def _largest(start: list[str], svg: str) -> float:
    """The same once more, with the size told at its end."""
    interpreter, (what, *arguments) = start[:3], start[3:]
    if what == "-c":
        what, *arguments = arguments
    else:
        what = f"import runpy, sys\nrunpy.run_path({what!r}, run_name='__main__')"
    again = [*interpreter, "-c", what + _TELL, *arguments]
    done = subprocess.run(again, input=svg.encode(), capture_output=True, check=True)
    return int(done.stderr.split()[-2]) / 1024
