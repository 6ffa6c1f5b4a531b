from django.urls import path

from entitlements.views import billing, coverage, ledger, licences, orders, renewals, what_if

app_name = "entitlements"
urlpatterns = [
    path("coverage/", coverage.coverage, name="coverage"),
    path("coverage/what-if/", what_if.what_if, name="what_if"),
    path("licences/new/", licences.licence_new, name="licence_new"),
    path("coverage/packs/<int:pk>/", ledger.pack_ledger, name="pack"),
    path("orders/", orders.order_list, name="orders"),
    path("orders/new/", orders.order_new, name="order_new"),
    path("orders/review/", orders.order_review, name="order_review"),
    path("orders/billing/", billing.billing, name="billing"),
    path("orders/<slug:number>/", orders.order_detail, name="order"),
    path("orders/<slug:number>/pro-forma.pdf", orders.order_paper, name="order_paper"),
    path("orders/<slug:number>/cancel/", orders.order_cancel, name="order_cancel"),
    path("renewals/<slug:number>/", renewals.renewal, name="renewal"),
    path("renewals/<slug:number>/proposal.pdf", renewals.renewal_paper, name="renewal_paper"),
    path("renewals/<slug:number>/accept/", renewals.renewal_accept, name="renewal_accept"),
    path("renewals/<slug:number>/decline/", renewals.renewal_decline, name="renewal_decline"),
    path("programme/", coverage.programme, name="programme"),
]
