"""Runs the session of README's picture on a terminal of its own and renders it with rich; see `.ci/picture`."""

import os
import pty
import re
import subprocess
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

COLUMNS = 92
SESSION = [
    ["get", "/machines/", "-o", "table", "--columns", "hostname,status_name,power_state,zone.name,tag_names"],
    ["get", "/machines/@node18/", "--jq", "{hostname, status_name, tag_names}"],
    ["get", "/machines/", "pool=lab", "--each", "--jq", r'"\(.hostname) \(.cpu_count) CPUs"', "-r"],
    ["query", "FOR a IN addresses SORT a.name RETURN {name: a.name, city: a.city}", "-p", "play", "-o", "table"],
    ["get", "/machines/node18/"],
]

# The sixteen colors of a terminal on a light and on a dark page.
NORMAL = [(36, 41, 47), (207, 34, 46), (17, 99, 41), (149, 56, 0), (9, 105, 218), (130, 80, 223), (27, 124, 131), (110, 119, 129)]
BRIGHT = [(72, 79, 88), (255, 123, 114), (63, 185, 80), (210, 153, 34), (88, 166, 255), (188, 140, 255), (57, 197, 207), (177, 186, 196)]
THEMES = {
    "light": TerminalTheme((255, 255, 255), (36, 41, 47), NORMAL, NORMAL),
    "dark": TerminalTheme((13, 17, 23), (230, 237, 243), BRIGHT, BRIGHT),
}

# No font is fetched: the page's own monospaced one does.
FORMAT = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""


def on_terminal(command, env):
    """What a command prints on a terminal, with its colors."""
    main, child = pty.openpty()
    process = subprocess.Popen(command, stdin=child, stdout=child, stderr=child, env=env, start_new_session=True)
    os.close(child)
    out = b""
    while True:
        try:
            chunk = os.read(main, 65536)
        except OSError:
            break
        if not chunk:
            break
        out += chunk
    process.wait()
    os.close(main)
    # Progress lines erase themselves; what is left is what stays on the screen.
    text = out.decode().replace("\r\n", "\n")
    return re.sub(r"[^\n]*\r(?=[^\n])|\x1b\[[0-9;?]*[KhlJ]", "", text)


def shown(arguments):
    """A command as a person types it."""
    words = [a if re.fullmatch(r"[\w@/.,=:-]+", a) else "'" + a + "'" for a in arguments]
    return " ".join(["apicall", *words])


def main():
    with tempfile.TemporaryDirectory() as home:
        sandbox = subprocess.Popen(
            ["target/debug/examples/sandbox", "--keys", home], stdout=subprocess.PIPE, text=True
        )
        try:
            address = sandbox.stdout.readline().split(" up at ")[1].split(". ")[0]
            while not Path(home, "play.key").exists():
                time.sleep(0.05)
            env = {"HOME": home, "PATH": os.environ["PATH"], "TERM": "xterm-256color", "COLUMNS": str(COLUMNS)}
            apicall = "target/debug/apicall"
            login = [apicall, "login", "--key-file"]
            subprocess.run([*login, f"{home}/lab.key", address, "-p", "lab"], env=env, check=True, capture_output=True)
            subprocess.run(
                [*login, f"{home}/play.key", f"http://{address}", "-p", "play", "--service", "macrometa"],
                env=env, check=True, capture_output=True,
            )
            lines = Text()
            for arguments in SESSION:
                lines.append_text(Text.from_ansi(f"\x1b[1m$ {shown(arguments)}\x1b[0m\n"))
                lines.append("\n")
                lines.append_text(Text.from_ansi(on_terminal([apicall, *arguments], env).rstrip("\n")))
                lines.append("\n")
        finally:
            sandbox.terminate()
    for name, theme in THEMES.items():
        console = Console(record=True, width=COLUMNS, file=open(os.devnull, "w"), force_terminal=True, color_system="truecolor")
        console.print(lines, soft_wrap=False)
        svg = console.export_svg(title="", theme=theme, code_format=FORMAT, unique_id="apicall")
        Path(".github").mkdir(exist_ok=True)
        Path(f".github/session-{name}.svg").write_text(svg)
        print(f".github/session-{name}.svg: {len(svg)} bytes")


main()
