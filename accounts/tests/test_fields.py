"""The one template that draws every field: label or legend, hint and errors, tied together by id."""

import re

import pytest
from django import forms
from django.template.loader import render_to_string


class EveryKind(forms.Form):
    line = forms.CharField(help_text="A <hint>", label="Line")
    text = forms.CharField(widget=forms.Textarea, required=False)
    choice = forms.ChoiceField(choices=[("1", "One"), ("2", "Two")], widget=forms.RadioSelect, help_text="Pick")
    tick = forms.BooleanField(label="Agreed", help_text="Really")
    menu = forms.ChoiceField(choices=[("1", "One")])


def drawn(name, data=None):
    return EveryKind(data)[name].as_field_group()


@pytest.mark.parametrize("name", ["line", "text", "tick", "menu"])
@pytest.mark.parametrize("data", [None, {}])
def test_a_label_points_at_its_input(name, data):
    html = drawn(name, data)
    assert f'for="id_{name}"' in html
    assert re.search(rf'<(input|textarea|select)[^>]* id="id_{name}"', html)


def test_choices_stand_in_a_fieldset_with_a_legend():
    html = drawn("choice")
    assert html.count("<fieldset") == html.count("<legend") == 1
    assert '<label for="id_choice_0">' in html


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("line", "id_line_helptext id_line_error"),
        ("choice", "id_choice_helptext id_choice_error"),
        ("tick", "id_tick_helptext id_tick_error"),
        ("menu", "id_menu_error"),
    ],
)
def test_hints_and_errors_are_what_describes_a_wrong_field(name, ids):
    html = drawn(name, {})
    assert f'aria-describedby="{ids}"' in html
    for one in ids.split():
        assert html.count(f'id="{one}"') == 1
    assert 'aria-invalid="true"' in html
    assert "This field is required." in html


def test_a_hint_alone_describes_a_field_that_is_right():
    html = drawn("line", {"line": "x"})
    assert 'aria-describedby="id_line_helptext"' in html
    assert "aria-invalid" not in html
    assert "A &lt;hint&gt;" in html


def test_only_what_may_stay_empty_says_so():
    assert "(optional)" in drawn("text")
    assert "(optional)" not in drawn("line")


def test_the_summary_links_to_what_can_be_focused():
    html = render_to_string("_error_summary.html", {"form": EveryKind({})})
    assert re.findall(r'href="#([^"]+)"', html) == ["id_line", "id_choice_0", "id_tick", "id_menu"]
    assert render_to_string("_error_summary.html", {"form": EveryKind()}).strip() == ""
