"""Addresses of signing in and out, of joining, and of one's own account."""

from django.urls import path

from .views import data, members, profile, registering, sessions, signing, two_step

urlpatterns = [
    path("sign-in/", signing.SignIn.as_view(), name="sign-in"),
    path("sign-in/code/", signing.sign_in_code, name="sign-in-code"),
    path("sign-out/", signing.SignOut.as_view(), name="sign-out"),
    path("workspace/", signing.workspace, name="workspace"),
    path("register/", registering.register, name="register"),
    path("register/sent/", registering.register_sent, name="register-sent"),
    path("register/confirmed/", registering.register_confirmed, name="register-confirmed"),
    path("register/<str:token>/", registering.register_confirm, name="register-confirm"),
    path("organization/", registering.organization, name="organization"),
    path("members/", members.members, name="members"),
    path("members/invite/", members.invite, name="member-invite"),
    path("members/leave/", members.leave, name="member-leave"),
    path("members/invitations/<uuid:public_id>/revoke/", members.invitation_revoke, name="invitation-revoke"),
    path("members/<uuid:public_id>/manager/", members.member_manager, name="member-manager"),
    path("members/<uuid:public_id>/remove/", members.member_remove, name="member-remove"),
    path("invitation/<str:token>/", members.invitation, name="invitation"),
    path("profile/", profile.profile, name="profile"),
    path("profile/email/", profile.email, name="profile-email"),
    path("email/<str:token>/", profile.email_confirm, name="email-confirm"),
    path("data/", data.data, name="own-data"),
    path("data/delete/", data.erase, name="account-delete"),
    path("data/consents/<uuid:public_id>/withdraw/", data.consent_withdraw, name="consent-withdraw"),
    path("organization/close/", data.close, name="organization-close"),
    path("security/", profile.security, name="security"),
    path("token/revoke/", profile.token_revoke, name="token-revoke"),
    path("two-step/", two_step.set_up, name="two-step-set-up"),
    path("two-step/recovery/", two_step.recovery, name="two-step-recovery"),
    path("two-step/disable/", two_step.disable, name="two-step-disable"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/end-others/", sessions.sessions_end_others, name="sessions-end-others"),
    path("sessions/<uuid:public_id>/end/", sessions.session_end_one, name="session-end"),
    path("reset/", profile.reset, name="reset"),
    path("reset/sent/", profile.reset_sent, name="reset-sent"),
    path("reset/<str:uidb64>/<str:token>/", profile.ResetConfirm.as_view(), name="reset-confirm"),
]
