/* Texts of i18n_test.c; never compiled. */
N_("Queue")
N_("%1 of %2")
N_("100 %% of %1")
tr_n(l, "%1 day", "%1 days", n)
