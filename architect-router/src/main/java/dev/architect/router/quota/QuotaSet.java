package dev.architect.router.quota;

/** The quotas that every call to one deployment takes from: those of its provider and of its model. Immutable. */
public final class QuotaSet {

    /** No quota. */
    public static final QuotaSet NONE = new QuotaSet(new Quota[0]);

    private final Quota[] quotas;

    QuotaSet(Quota[] quotas) {
        this.quotas = quotas;
    }

    Quota[] quotas() {
        return quotas;
    }
}
