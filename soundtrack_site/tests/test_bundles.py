"""Many small files to write in, one of each kind to send."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from soundtrack_site.bundles import LAYERS, SiteFinder, set_tight


@pytest.fixture
def sources(tmp_path, settings) -> Path:
    settings.STATICFILES_DIRS = [tmp_path / "static"]
    settings.VAR_DIR = tmp_path / "var"
    for name in ("css/components/b.css", "css/components/a.css", "css/utilities.css", "css/tokens.css", "js/two.js"):
        path = tmp_path / "static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"/* said of {path.stem} */\n{path.stem} {{}}\n")
    (tmp_path / "static" / "icon.svg").write_text("<svg/>")
    return tmp_path / "static"


def test_styles_follow_each_other_by_layer_then_by_name(sources):
    sheet = Path(SiteFinder().find("css/site.css")).read_text()
    assert sheet == "@layer reset,tokens,base,layout,components,utilities;tokens{}a{}b{}utilities{}"


def test_a_layer_is_opened_once(sources):
    for name in "ab":
        (sources / "css" / "components" / f"{name}.css").write_text(
            f"@layer components {{\n  {name} {{ color: red; }}\n}}\n"
        )
    sheet = Path(SiteFinder().find("css/site.css")).read_text()
    assert "@layer components{a{color:red}b{color:red}}utilities{}" in sheet


def test_styles_are_set_tight_but_for_what_is_quoted():
    assert (
        set_tight(
            'a, b > c ~ d {\n  color: red;\n  content: " ; {  }: 0.5";\n  margin: 0 -0.5em 10.05em;\n}\n\n'
            "@media (width >= 1rem) { e :is(f) { top: 0; } }"
        )
        == 'a,b>c~d{color:red;content:" ; {  }: 0.5";margin:0 -.5em 10.05em}@media (width>=1rem){e :is(f){top:0}}'
    )


@pytest.mark.parametrize("quoted", ['"/* no */"', r'"\" { ; } "', "' ; 0.5 '", r"'\' { '", '"보너스 /* "'])
def test_quotes_are_sent_as_they_are_written(quoted):
    assert set_tight(f"a {{ /* it's “one” */\n  content: {quoted};\n  /* \"two */ top: 0;\n}}\n") == (
        f"a{{content:{quoted};top:0}}"
    )


def test_each_script_keeps_its_names_to_itself(sources):
    (sources / "js" / "one.js").write_text("const name = 1;\n")
    assert Path(SiteFinder().find("js/site.js")).read_text().startswith("{\nconst name = 1;\n}\n{\n")


def test_a_changed_source_is_seen_at_once(sources):
    finder = SiteFinder()
    before = Path(finder.find("css/site.css")).read_text()
    (sources / "css" / "tokens.css").write_text("other {}\n")
    assert Path(finder.find("css/site.css")).read_text() == before.replace("tokens{}", "other{}")


def test_what_a_bundle_is_made_of_is_not_served_beside_it(sources):
    finder = SiteFinder()
    assert sorted(name for name, _ in finder.list(None)) == ["css/site.css", "icon.svg", "js/site.js"]
    assert not finder.find("css/tokens.css")
    assert finder.find("css/site.css", find_all=True) == [finder.find("css/site.css")]


def test_without_sources_there_is_no_bundle(tmp_path, settings):
    settings.STATICFILES_DIRS = [tmp_path]
    assert [name for name, _ in SiteFinder().list(None)] == []


def test_every_style_of_ours_names_its_layer():
    root = Path(__file__).resolve().parents[2] / "static" / "css"
    for path in root.rglob("*.css"):
        layer = path.parent.name if path.parent != root else path.stem
        assert layer in LAYERS, path
        assert path.read_text().startswith(f"@layer {layer} {{\n"), path


def test_the_page_asks_for_both(client, db):
    page = client.get("/").content.decode()
    assert page.count("<script") == page.count('rel="stylesheet"') == 1
    for name in ("css/site.css", "js/site.js"):
        assert name in page
        assert finders.find(name)


def test_the_admin_is_dressed_in_our_tokens_and_faces():
    found = finders.find("admin_look/admin.css")
    assert found
    sheet = Path(found).read_text()
    assert sheet.count("@font-face") >= 2
    assert "--color-ink:" in sheet
    assert "--body-fg: var(--color-ink)" in sheet
    assert "@layer components" not in sheet
