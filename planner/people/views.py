"""Choose a password: for oneself, or through the single-use link that an administrator was given."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.views import PasswordChangeView, PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _


class ChangePassword(PasswordChangeView):
    """The signed-in person's own password."""

    template_name = "people/password.html"

    def get_success_url(self) -> str:
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        messages.success(self.request, _("Your password is changed."))
        return super().form_valid(form)


@method_decorator(login_not_required, name="dispatch")
class SetPassword(PasswordResetConfirmView):
    """A first password, by a link that works once."""

    template_name = "people/password.html"

    def get_success_url(self) -> str:
        return resolve_url(settings.LOGIN_URL)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        messages.success(self.request, _("Your password is set. Please sign in."))
        return super().form_valid(form)
