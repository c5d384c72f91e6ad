"""`python -m cdk.dashboard_picture TEMPLATE`: the dashboard's layout as an SVG, for the runbook."""

import json
import sys
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

CELL, GAP = 46, 6
COLOURS = ("#2563eb", "#d97706", "#059669", "#dc2626", "#7c3aed", "#0891b2", "#64748b")
SHAPES = ((0.62, 0.5, 0.58, 0.4, 0.46, 0.36), (0.3, 0.34, 0.26, 0.3, 0.18, 0.24))
"""Made-up curves, as parts of a graph's height: they stand for a line, not for a measurement."""


def widgets_of(template: dict[str, Any]) -> list[dict[str, Any]]:
    """The widgets of a template's one dashboard, as CloudWatch gets them."""
    [body] = [
        each["Properties"]["DashboardBody"]
        for each in template["Resources"].values()
        if each["Type"] == "AWS::CloudWatch::Dashboard"
    ]
    parts = body["Fn::Join"][1] if isinstance(body, dict) else [body]
    text = "".join(part if isinstance(part, str) else "" for part in parts)
    return list(json.loads(text)["widgets"])


def draw(widgets: list[dict[str, Any]]) -> str:
    """The layout with titles and what each graph shows, as an SVG document."""
    width = 24 * CELL
    height = max(each["y"] + each["height"] for each in widgets) * CELL
    drawn = "\n".join(_widget(each) for each in widgets)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        'font-family="system-ui, sans-serif">\n'
        f'<rect width="{width}" height="{height}" fill="#eef1f5"/>\n{drawn}\n</svg>\n'
    )


def _widget(widget: dict[str, Any]) -> str:
    x, y = widget["x"] * CELL + GAP, widget["y"] * CELL + GAP
    width, height = widget["width"] * CELL - 2 * GAP, widget["height"] * CELL - 2 * GAP
    properties = widget["properties"]
    inside = [f'<rect width="{width}" height="{height}" rx="8" fill="#fff" stroke="#d5dbe3"/>']
    if widget["type"] == "text":
        heading, _, text = properties["markdown"].partition("\n")
        inside.append(_text(16, 30, heading.lstrip("# "), size=19, weight=600))
        inside += [
            _text(16, 54 + 20 * number, line, size=12.5, colour="#475569")
            for number, line in enumerate(_wrapped(text, 165))
        ]
    elif properties["view"] == "singleValue":
        inside.append(_text(16, 28, properties["title"], size=11, weight=600))
        inside.append(_text(16, 104, "—", size=44, weight=300, colour="#94a3b8"))
    else:
        inside.append(_text(16, 28, properties["title"], size=15, weight=600))
        inside += _graph(properties, width, height)
    return f'<g transform="translate({x} {y})">\n' + "\n".join(inside) + "\n</g>"


def _graph(properties: dict[str, Any], width: int, height: int) -> list[str]:
    labels = _labels(properties["metrics"])
    top, left, bottom = 44, 16, height - 58
    drawn = [f'<path d="M{left} {bottom}H{width - left}" stroke="#cbd5e1"/>']
    for number, _ in enumerate(labels):
        shape = SHAPES[number % len(SHAPES)]
        shift = 0.06 * (number // len(SHAPES))
        step = (width - 2 * left) / (len(shape) - 1)
        points = " ".join(
            f"{left + index * step:.0f},{top + (part + shift) * (bottom - top):.0f}"
            for index, part in enumerate(shape)
        )
        colour = COLOURS[number % len(COLOURS)]
        drawn.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
    for limit in properties.get("annotations", {}).get("horizontal", []):
        at = top + 8 + 22 * properties["annotations"]["horizontal"].index(limit)
        label = f"{limit['label']}: {limit['value']:g}"
        drawn.append(
            f'<path d="M{left} {at}H{width - left}" stroke="#dc2626" stroke-dasharray="6 5"/>'
        )
        drawn.append(_text(left + 4, at + 13, label, size=11, colour="#dc2626"))
    x, y = left, bottom + 22
    for number, label in enumerate(labels):
        room = 22 + 7 * len(label)
        if x + room > width - left:
            x, y = left, y + 20
        colour = COLOURS[number % len(COLOURS)]
        drawn.append(f'<circle cx="{x + 5}" cy="{y - 4}" r="4" fill="{colour}"/>')
        drawn.append(_text(x + 14, y, label, size=12, colour="#475569"))
        x += room
    return drawn


def _labels(metrics: list[list[Any]]) -> list[str]:
    """What the legend says: of sums and shares only the result, not what it is made of."""
    options = [row[-1] for row in metrics if isinstance(row[-1], dict)]
    return [each["label"] for each in options if each.get("visible", True) and "label" in each]


def _wrapped(text: str, most: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _text(
    x: float, y: float, text: str, *, size: float, weight: int = 400, colour: str = "#0f172a"
) -> str:
    style = f'font-size="{size}" font-weight="{weight}" fill="{colour}"'
    return f'<text x="{x}" y="{y}" {style}>{escape(text)}</text>'


if __name__ == "__main__":
    sys.stdout.write(draw(widgets_of(json.loads(Path(sys.argv[1]).read_text()))))
