"""The few sign-in addresses that we open: in, out, password, second factor. No sign-up, no mail, no social accounts.

Security keys need script and a page of their own; until that page exists they are not offered."""

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path
from django.utils.translation import gettext_lazy as _

FORM = "orgs/second_form.html"

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("password/", account.password_change, name="account_change_password"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("second/", second.IndexView.as_view(template_name="orgs/second.html"), name="mfa_index"),
    path(
        "second/sign-in/",
        second.AuthenticateView.as_view(
            template_name=FORM,
            extra_context={
                "title": _("Second step of signing in"),
                "lead": _("Enter the six digits that your authenticator app shows, or a recovery code."),
                "button": _("Sign in"),
            },
        ),
        name="mfa_authenticate",
    ),
    path(
        "second/confirm/",
        second.ReauthenticateView.as_view(
            template_name=FORM,
            extra_context={
                "title": _("Confirm that it is you"),
                "lead": _("Enter the six digits that your authenticator app shows, or a recovery code."),
                "button": _("Confirm"),
            },
        ),
        name="mfa_reauthenticate",
    ),
    path(
        "second/on/",
        totp.ActivateTOTPView.as_view(template_name="orgs/second_on.html"),
        name="mfa_activate_totp",
    ),
    path(
        "second/off/",
        totp.DeactivateTOTPView.as_view(
            template_name=FORM,
            extra_context={
                "title": _("Switch the authenticator app off"),
                "lead": _("From then on your password alone opens your account."),
                "button": _("Switch off"),
            },
        ),
        name="mfa_deactivate_totp",
    ),
    path(
        "second/codes/",
        codes.ViewRecoveryCodesView.as_view(template_name="orgs/second_codes.html"),
        name="mfa_view_recovery_codes",
    ),
    path(
        "second/codes/new/",
        codes.GenerateRecoveryCodesView.as_view(
            template_name=FORM,
            extra_context={
                "title": _("New recovery codes"),
                "lead": _("The codes that you have now stop working."),
                "button": _("Make new codes"),
            },
        ),
        name="mfa_generate_recovery_codes",
    ),
    path("second/codes/file/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]
