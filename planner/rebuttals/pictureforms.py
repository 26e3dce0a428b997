"""The pictures of one text as a form: each row is one that stands there, or a file that somebody brings."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from planner.rebuttals.adapters.picture_files import Fault, PictureFault, Prepared, prepare
from planner.rebuttals.core.pictures import MEDIA_TYPES, MOST_ALT, MOST_PICTURES
from planner.rebuttals.core.words import Shown, is_blank

FAULT_WORDS = {
    Fault.TOO_LARGE: _("The file is larger than 20 MB: save the picture smaller and choose it again."),
    Fault.NO_PICTURE: _("This is not a picture that we can take: save it as JPEG, PNG or WebP and choose it again."),
    Fault.MOVES: _("The picture moves: choose a single frame of it, as JPEG or PNG."),
    Fault.TOO_MANY_PIXELS: _("The picture has more than 60 million pixels: save it smaller and choose it again."),
    Fault.BROKEN: _("The file is damaged: open it, save it anew as JPEG or PNG, and choose it again."),
}
PREFIX = "pictures"
ACCEPTED = ",".join([*MEDIA_TYPES, "image/webp"])


class PictureForm(forms.Form):
    """One picture: kept already (`sha256`), or brought now (`file`; then `cleaned_data["prepared"]` holds it)."""

    sha256 = forms.RegexField(r"\A[0-9a-f]{64}\Z", required=False, widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("Picture"),
        required=False,
        widget=forms.FileInput({"accept": ACCEPTED}),
        help_text=_("JPEG, PNG or WebP, at most 20 MB. Where and with what it was taken is removed."),
    )
    alt = forms.CharField(
        label=_("Alt text"),
        required=False,
        max_length=MOST_ALT,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
        help_text=_("What it shows, in the language of the text, for those who cannot see it."),
    )

    def clean(self) -> dict[str, Any]:
        """A picture has an alt text, and an alt text a picture; the file is decoded here."""
        cleaned = super().clean() or {}
        if cleaned.get("DELETE"):
            return cleaned
        brought, alt = cleaned.get("file"), cleaned.get("alt", "")
        if brought and not cleaned.get("sha256"):
            cleaned["prepared"] = self._prepared(brought)
        has_picture = bool(cleaned.get("prepared") or cleaned.get("sha256") or "file" in self.errors)
        if has_picture and is_blank(alt) and "alt" not in self.errors:
            words = _("Say in one sentence what the picture shows: without an alt text it cannot be saved.")
            self.add_error("alt", forms.ValidationError(words, "required"))
        if alt and not has_picture:
            self.add_error("file", forms.ValidationError(_("Choose the picture that this alt text describes.")))
        return cleaned

    def _prepared(self, brought: Any) -> Prepared | None:
        try:
            return prepare(brought.read())
        except PictureFault as refused:
            self.add_error("file", forms.ValidationError(FAULT_WORDS[refused.fault]))
            return None


class PictureFormSet(forms.BaseFormSet):
    """The list in its order. Taking one away and moving one are fields of its row."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """The fields of order and removal, in our words."""
        super().add_fields(form, index)
        form.fields["ORDER"].label = _("Place in the row")
        form.fields["DELETE"].label = _("Take it away")

    @property
    def standing(self) -> list[forms.Form]:
        """Rows whose picture is kept."""
        return [form for form in self.forms if _digest(form)]

    @property
    def empty(self) -> list[forms.Form]:
        """Rows that wait for a file."""
        return [form for form in self.forms if not _digest(form)]

    def shown(self, digests: dict[str, str]) -> list[Shown]:
        """The pictures in their order; only for a form that is valid.

        `digests`: the hashes of the files that were brought, by the prefix of their row.
        """
        rows = [form for form in self.ordered_forms if digests.get(str(form.prefix)) or _digest(form)]
        return [Shown(digests.get(str(form.prefix)) or _digest(form), form.cleaned_data["alt"]) for form in rows]


def _digest(form: forms.Form) -> str:
    given = str(form["sha256"].value() or "")
    return given if len(given) == 64 else ""


def forms_of(pictures: Iterable[Shown]) -> PictureFormSet:
    """The form of a text with these pictures, and empty rows for those that still fit."""
    start = [{"sha256": one.sha256, "alt": one.alt} for one in pictures]
    return _factory(MOST_PICTURES - len(start))(initial=start, prefix=PREFIX)


def forms_from(data: QueryDict, files: MultiValueDict[str, Any]) -> PictureFormSet:
    """What somebody sent."""
    return _factory(0)(data, files, prefix=PREFIX)


def _factory(extra: int) -> type[PictureFormSet]:
    how: dict[str, Any] = {"can_order": True, "can_delete": True, "max_num": MOST_PICTURES}
    how |= {"absolute_max": MOST_PICTURES, "extra": extra}
    return cast(type[PictureFormSet], forms.formset_factory(PictureForm, formset=PictureFormSet, **how))
