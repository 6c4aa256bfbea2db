"""``gridgeo columns``: under which names layers and columns are read."""

from __future__ import annotations

from collections.abc import Iterator

import click

from gridgeo.cli.commands.group import main
from gridgeo.cli.options import lang_option, spoken
from gridgeo.messages import Lang, say
from gridgeo.model import COLUMN_NAMES, LAYER_NAMES


@main.command()
@click.argument("layers", nargs=-1, type=click.Choice(list(COLUMN_NAMES)), metavar="[LAYER]...")
@click.option("--markdown", is_flag=True, help="Write the table as it stands in docs/columns.md.")
@lang_option
def columns(layers: tuple[str, ...], lang: Lang | None, *, markdown: bool) -> None:
    """List the names under which layers and columns are read, Chinese and English.

    \b
    Example:
      gridgeo columns
      gridgeo columns buildings
    """
    chosen = layers or tuple(COLUMN_NAMES)
    lines = markdown_lines(chosen) if markdown else plain_lines(chosen, spoken(lang))
    click.echo("\n".join(lines))


def plain_lines(layers: tuple[str, ...], lang: Lang) -> Iterator[str]:
    """What each layer is, then its own names and those of its columns."""
    for layer in layers:
        yield say("columns_layer", layer=layer, what=say(f"layer_{layer}")).render(lang)
        if layer in LAYER_NAMES:
            yield say("columns_names", names=", ".join(LAYER_NAMES[layer])).render(lang)
        for column, names in COLUMN_NAMES[layer].items():
            what = say(f"column_{column}")
            yield say("columns_column", column=f"{layer}.{column}", what=what, names=", ".join(names)).render(lang)
        yield ""
    yield say("columns_other").render(lang)


def markdown_lines(layers: tuple[str, ...]) -> Iterator[str]:
    """The page docs/columns.md, in both languages."""
    yield from ("# 列名 · Names of layers and columns", "")
    for line in ("columns_page", "columns_other"):
        yield from (f"{say(line).render('zh')}。", "", f"{say(line)}.", "")
    for layer in layers:
        what = say(f"layer_{layer}")
        yield from (f"## {layer} · {what.render('zh')}", "", f"{what}.", "")
        if layer in LAYER_NAMES:
            yield from (say("columns_names", names=", ".join(LAYER_NAMES[layer])).render("zh").strip(), "")
        yield from ("| 列 column | 内容 holds | 可用列名 accepted names |", "|---|---|---|")
        for column, names in COLUMN_NAMES[layer].items():
            told = say(f"column_{column}")
            yield f"| `{column}` | {told.render('zh')} · {told} | {', '.join(names)} |"
        yield ""
