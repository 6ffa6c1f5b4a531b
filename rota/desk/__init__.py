"""The pages of the duty rota below /admin/rota/."""

from django.contrib import admin

from core.admin import Site
from rota.desk import mine, planning

assert isinstance(admin.site, Site)
admin.site.add_pages(
    ("rota/", planning.rota, "rota"),
    ("rota/patterns/new/", planning.pattern_new, "rota_pattern_new"),
    ("rota/patterns/<int:pk>/remove/", planning.pattern_remove, "rota_pattern_remove"),
    ("rota/absences/new/", planning.absence_new, "rota_absence_new"),
    ("rota/absences/<int:pk>/withdraw/", planning.absence_withdraw, "rota_absence_withdraw"),
    ("rota/shifts/<int:pk>/", planning.shift_hand_over, "rota_shift"),
    ("rota/mine/", mine.mine, "rota_mine"),
    ("rota/mine/<int:pk>/ask/", mine.swap_ask, "rota_swap_ask"),
    ("rota/swaps/<int:pk>/<str:page_action>/", mine.swap_action, "rota_swap_action"),
)
