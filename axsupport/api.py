"""The API's table of contents: each app brings its own routes."""

from rest_framework.routers import DefaultRouter

import engagements.api
import entitlements.api
import reports.api
import resources.api
import telephone.api
import tickets.api

router = DefaultRouter()
for prefix, viewset, basename in [
    *tickets.api.ROUTES,
    *telephone.api.ROUTES,
    *entitlements.api.ROUTES,
    *reports.api.ROUTES,
    *resources.api.ROUTES,
    *engagements.api.ROUTES,
]:
    router.register(prefix, viewset, basename=basename)

urlpatterns = [*tickets.api.PATHS, *entitlements.api.PATHS, *router.urls]
